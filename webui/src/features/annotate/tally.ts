import type { Element, Value } from "@/api/schema";

/** What coding some texts has added to the counts, since the page was opened. */
export interface Tally {
  /** Texts coded here, less those taken back. */
  readonly texts: number;
  /** Of them, those to be coded (in train) of which oneself had said nothing before. */
  readonly own: number;
  /** Of them, those to be coded of which nobody had said anything before, as far as one may see. */
  readonly any: number;
}

export const NOTHING: Tally = { texts: 0, own: 0, any: 0 };

/**
 * Count one text more, or with -1 one less. Where it was `answered` in a further scheme alone, it
 * counts as a text and for nothing else.
 */
export function tallied(
  tally: Tally,
  element: Element,
  user: string,
  by: 1 | -1,
  answered = true,
): Tally {
  const said = element.annotations.filter(({ value }) => value !== null);
  const counts = answered && element.split === "train";
  const own = counts && !said.some((given) => given.user === user);
  const any = counts && said.length === 0;
  return {
    texts: tally.texts + by,
    own: tally.own + (own ? by : 0),
    any: tally.any + (any ? by : 0),
  };
}

/** Return the answer of `user` that counts for a text. */
export function ownAnnotation(element: Pick<Element, "annotations">, user: string) {
  return element.annotations.filter((given) => given.user === user).at(-1);
}

/** Return what `user` said of a text before. */
export function ownValue(element: Pick<Element, "annotations">, user: string): Value {
  return (ownAnnotation(element, user)?.value ?? null) as Value;
}
