/** A codebook that is being written: the text that was there when it began, and what it is now. */
export interface CodebookDraft {
  readonly base: string;
  readonly text: string;
}

/** `conflict`: somebody else has saved another text since this one was begun. */
export type Standing = "saved" | "changed" | "conflict";

/** Tell how a draft stands to what is saved now. */
export function standing(draft: CodebookDraft | null, saved: string): Standing {
  if (draft === null || draft.text === saved) return "saved";
  return draft.base === saved ? "changed" : "conflict";
}

/** Go on writing; null where nothing differs from what is saved. */
export function written(
  draft: CodebookDraft | null,
  text: string,
  saved: string,
): CodebookDraft | null {
  return text === saved ? null : { base: draft?.base ?? saved, text };
}

/** Go on after a text was saved: what was typed meanwhile stays a draft. */
export function afterSaving(draft: CodebookDraft | null, saved: string): CodebookDraft | null {
  return draft === null || draft.text === saved ? null : { base: saved, text: draft.text };
}

/** The lines in which two texts differ, without what they share before and after. */
export interface Difference {
  readonly before: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  readonly after: readonly string[];
}

export function difference(ours: string, theirs: string): Difference {
  const [a, b] = [ours.split("\n"), theirs.split("\n")];
  const shortest = Math.min(a.length, b.length);
  let head = 0;
  while (head < shortest && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  return {
    before: a.slice(0, head),
    ours: a.slice(head, a.length - tail),
    theirs: b.slice(head, b.length - tail),
    after: a.slice(a.length - tail),
  };
}

/** Join both texts: what they share once, and where they differ, theirs before ours. */
export function both({ before, ours, theirs, after }: Difference): string {
  return [...before, ...theirs, ...ours, ...after].join("\n");
}
