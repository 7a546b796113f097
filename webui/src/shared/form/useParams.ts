import { useMemo, useState } from "react";
import type { ComponentInfo } from "@/api/schema";
import { type Draft, draftOf, readDraft } from "@/shared/form/draft";
import { fieldsOf } from "@/shared/form/schema";
import { paramRefusal } from "@/shared/form/serverErrors";

/**
 * The params of whichever component is chosen; each component keeps what was put in for it.
 *
 * `first` are params that the component chosen first begins with.
 */
export function useParams(
  component: ComponentInfo | undefined,
  error: unknown,
  first: { readonly [name: string]: unknown } = {},
) {
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>(() =>
    component === undefined ? {} : { [component.name]: draftOf(fieldsOf(component.schema), first) },
  );
  const [tried, setTried] = useState<Draft | null>(null);
  const schema = component?.schema;
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const name = component?.name ?? "";
  const draft = drafts[name] ?? NOTHING;
  const { params, errors } = readDraft(fields, draft);
  const refusal = paramRefusal(error, fields);
  return {
    fields,
    draft,
    /** What to send; null while something is wrong with it. */
    params: Object.keys(errors).length === 0 ? params : null,
    // What the server said was said of what was sent, and not of what has changed since.
    errors: tried === draft ? { ...refusal.errors, ...errors } : errors,
    rest: refusal.rest,
    change: (changed: Draft) => setDrafts({ ...drafts, [name]: changed }),
    sending: () => setTried(draft),
  };
}

const NOTHING: Draft = {};
