import type { Element, NewAnnotation, Value } from "@/api/schema";

/** A text, and what I have said of it: all that a change of many needs to be taken back. */
export interface Kept {
  readonly id: string;
  /** Its place in the corpus, by which a map finds it. */
  readonly row: number;
  readonly value: Value;
  readonly comment: string;
  readonly flagged: boolean;
}

type Said = Element["annotations"][number];

function mine(element: Element, username: string): Said | undefined {
  // What I have decided as an adjudicator is another matter: annotating does not change it.
  return element.annotations.find(
    ({ user, source }) => user === username && source !== "adjudication",
  );
}

export function keptOf(element: Element, username: string): Kept {
  const said = mine(element, username);
  return {
    id: element.id,
    row: element.row,
    value: (said?.value ?? null) as Value,
    comment: said?.comment ?? "",
    flagged: said?.flagged ?? false,
  };
}

/** Say of each text what `answerOf` makes of what I said, and leave comments and flags as they are. */
export function saying(kept: readonly Kept[], answerOf: (kept: Kept) => Value): NewAnnotation[] {
  return kept.map((each) => ({ ...restored(each), value: answerOf(each) }));
}

/** Say again what had been said. */
export function restoring(kept: readonly Kept[]): NewAnnotation[] {
  return kept.map(restored);
}

function restored({ id, value, comment, flagged }: Kept): NewAnnotation {
  return { id, value, comment, flagged };
}

export function sameValue(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Count the texts of which I have said something that another value takes the place of. */
export function replaced(kept: readonly Kept[], answerOf: (kept: Kept) => Value): number {
  return kept.filter((each) => each.value !== null && !sameValue(each.value, answerOf(each)))
    .length;
}

/** Return a text as it is once I have said a value, until the server tells. */
export function withMine(element: Element, username: string, value: Value, at: string): Element {
  const before = mine(element, username);
  const others = element.annotations.filter((each) => each !== before);
  const { comment, flagged } = { comment: "", flagged: false, ...before };
  if (value === null && comment === "" && !flagged) return { ...element, annotations: others };
  const said: Said = {
    seq: before?.seq ?? 0,
    user: username,
    value,
    source: "human",
    comment,
    flagged,
    created_at: at,
  };
  return { ...element, annotations: [said, ...others] };
}

/** What a label's key says: that label alone, or, of several, one more or one less. */
export function pressed(value: Value, label: string, many: boolean): Value {
  if (!many) return label;
  const now = Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
  const next = now.includes(label) ? now.filter((each) => each !== label) : [...now, label];
  return next.length === 0 ? null : next;
}

/** What labelling many texts says of one: the label, or, of several, that one as well. */
export function given(value: Value, label: string, many: boolean): Value {
  const has = Array.isArray(value) && value.some((each) => each === label);
  return many && has ? value : pressed(value, label, many);
}

/** Write a value in a line. */
export function labelsOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const labels = parts.map((each) =>
    typeof each === "object" && each !== null && "label" in each
      ? String(each.label)
      : String(each),
  );
  return [...new Set(labels)];
}

/** How sure the guide is of what it predicts, from 0 to 1; as the server sorts by it. */
export function confidence(
  probabilities: Readonly<Record<string, number>>,
  many: boolean,
): number | null {
  const values = Object.values(probabilities);
  if (values.length === 0) return null;
  if (!many) return Math.max(...values);
  return values.reduce((sum, p) => sum + Math.max(p, 1 - p), 0) / values.length;
}
