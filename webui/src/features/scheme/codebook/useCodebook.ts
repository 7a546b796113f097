import { useLocalStorage } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem } from "@/api/problem";
import type { SchemeInfo } from "@/api/schema";
import { useSession } from "@/shared/session/session";
import { changeScheme, getScheme, type Place, showScheme } from "../api";
import { type Change, patchOf } from "./change";
import { afterSaving, type CodebookDraft, standing, written } from "./draft";

/** The codebook as it is being written here: a draft that outlives the page until it is saved. */
export function useCodebook(place: Place, scheme: SchemeInfo) {
  const client = useQueryClient();
  const user = useSession()?.username ?? "";
  const saved = scheme.codebook;
  const [draft, setDraft] = useLocalStorage<CodebookDraft | null>({
    key: `kodkod.codebook/${user}/${place.slug}/${scheme.id}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const saving = useMutation({
    mutationFn: ({ text, change }: Sent) => save(place, scheme, text, change),
    onSuccess: (changed, { text }) => {
      showScheme(client, place.slug, changed);
      if (changed.codebook === text) setDraft((current) => afterSaving(current, text));
    },
  });
  return {
    text: draft?.text ?? saved,
    standing: standing(draft, saved),
    saving,
    write: (text: string) => setDraft(written(draft, text, saved)),
    discard: () => setDraft(null),
    /** Go on with a text that has taken note of what somebody else has saved. */
    settle: (text: string) => setDraft(text === saved ? null : { base: saved, text }),
    save: (change: Change) => draft !== null && saving.mutate({ text: draft.text, change }),
  };
}

interface Sent {
  readonly text: string;
  readonly change: Change;
}

/** Save a text; where somebody else's is newer, nothing is written over and theirs is returned. */
async function save(
  place: Place,
  edited: SchemeInfo,
  codebook: string,
  change: Change,
): Promise<SchemeInfo> {
  const patch = { codebook, ...patchOf(change) };
  try {
    return await changeScheme(place, { ...patch, base: edited.codebook_version });
  } catch (error) {
    if (!(error instanceof Problem && error.status === 409)) throw error;
    const now = await getScheme(place);
    // A renamed label is a version as well, and no reason to ask about the text.
    if (now.codebook !== edited.codebook) return now;
    return await changeScheme(place, { ...patch, base: now.codebook_version });
  }
}
