import type { HistoryEntry } from "@/api/schema";
import { t } from "@/shared/words/translate";
import { said } from "@/shared/words/value";

/** An answer of one's own, the newest of a text. */
export interface OwnAnswer {
  readonly id: string;
  readonly text: string;
  readonly at: string;
  /** What it says, and what it said before. */
  readonly words: string;
}

/** The texts that one answered last, each once, with what one says of it now. */
export function ownAnswers(entries: readonly HistoryEntry[]): readonly OwnAnswer[] {
  const seen = new Set<string>();
  return entries.flatMap(({ id, text, op, value, before, created_at }) => {
    if (id === null || text === null || op === "merge" || op === "delete" || seen.has(id))
      return [];
    seen.add(id);
    return [{ id, text, at: created_at, words: answerWords(value, before, text) }];
  });
}

function answerWords(value: unknown, before: unknown, text: string): string {
  if (value === null && before === null) return t("nothing said");
  if (value === null) return t("{{value}}, taken back", { value: said(before, text) });
  const now = said(value, text);
  if (before === null || said(before, text) === now) return now;
  return t("{{value}}, before that {{before}}", { value: now, before: said(before, text) });
}
