import type { GoldText, NewGold, SchemeInfo, Value } from "@/api/schema";

/** A gold text that is being written. */
export interface GoldDraft {
  readonly id: string;
  /** Whether the right value is said here, or is the one that counts for the text. */
  readonly says: boolean;
  readonly labels: readonly string[];
  readonly attention: boolean;
  readonly note: string;
}

export function emptyGold(id: string): GoldDraft {
  return { id, says: true, labels: [], attention: false, note: "" };
}

/** Begin with a gold text as it is. */
export function goldDraft({ id, right, attention, note }: GoldText): GoldDraft {
  const labels = labelsIn(right);
  return { id, says: labels !== null, labels: labels ?? [], attention, note };
}

function labelsIn(value: unknown): readonly string[] | null {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) return null;
  return value.every((item) => typeof item === "string") ? value : null;
}

/** Write a draft as the server takes it; null where a label is still to be chosen. */
export function newGold(draft: GoldDraft, widget: SchemeInfo["widget"]): NewGold | null {
  const { id, attention, note } = draft;
  const rest = { id, attention, note: note.trim() };
  // Passages are marked in the text itself, by annotating it.
  if (!draft.says || widget === "spans") return { ...rest, value: null };
  const value: Value = widget === "choices" ? draft.labels : (draft.labels[0] ?? null);
  return value === null ? null : { ...rest, value };
}

/** What brings a gold text back after it was removed. */
export function goldAgain({ id, right, attention, note }: GoldText): NewGold {
  return { id, value: right ?? null, attention, note };
}
