import type { Element, Value } from "@/api/schema";
import type { Deck } from "./deck";
import { seenIn } from "./parts";
import { ownAnnotation, ownValue } from "./tally";

/** What the annotator has decided of the text in front, before it is sent. */
export interface Draft {
  readonly value: Value;
  readonly comment: string;
  /** Whether others are asked to look at the text. */
  readonly flagged: boolean;
  /** What is decided in further schemes, by their names. */
  readonly others: Readonly<Record<string, Value>>;
  /** The scheme that the keys are for. */
  readonly active: string;
  /** The schemes that are done with: answered, or passed. */
  readonly settled: readonly string[];
}

/** Begin a text: with what was taken back, or what was said before. `schemes` has the first first. */
export function begun(
  { current, returned }: Pick<Deck, "current" | "returned">,
  user: string,
  schemes: readonly string[],
): Draft {
  const [first = "", ...others] = schemes;
  const own = current === null ? undefined : ownAnnotation(current, user);
  const before = (scheme: string): Value => {
    const part = returned?.others?.find((each) => each.scheme === scheme);
    if (part !== undefined && part.value !== null) return part.value;
    return current === null ? null : ownValue(seenIn(current, scheme, first), user);
  };
  return {
    value: returned === null ? ((own?.value ?? null) as Value) : returned.value,
    comment: (returned === null ? own?.comment : returned.comment) ?? "",
    flagged: (returned === null ? own?.flagged : returned.flagged) ?? false,
    others: Object.fromEntries(others.map((scheme) => [scheme, before(scheme)])),
    active: first,
    settled: [],
  };
}

/** Return what a draft says in a scheme. */
export function valueIn(draft: Draft, scheme: string, first: string): Value {
  return scheme === first ? draft.value : (draft.others[scheme] ?? null);
}

/** Say something in a scheme. */
export function withValue(draft: Draft, scheme: string, first: string, value: Value): Draft {
  return scheme === first
    ? { ...draft, value }
    : { ...draft, others: { ...draft.others, [scheme]: value } };
}

/**
 * Be done with a scheme, and go on to the next that is open.
 *
 * Null once none is: the text is done.
 */
export function settled(draft: Draft, scheme: string, schemes: readonly string[]): Draft | null {
  const done = [...new Set([...draft.settled, scheme])];
  const at = schemes.indexOf(scheme);
  const next = [...schemes.slice(at + 1), ...schemes.slice(0, at)].find(
    (each) => !done.includes(each),
  );
  return next === undefined ? null : { ...draft, settled: done, active: next };
}

/** Give the keys to the scheme before or after the one that has them. */
export function turned(draft: Draft, schemes: readonly string[], by: 1 | -1): Draft {
  const at = schemes.indexOf(draft.active) + by + schemes.length;
  return { ...draft, active: schemes[at % schemes.length] ?? draft.active };
}

/** Whether an answer only repeats what its user said before, so that it need not be sent. */
export function repeats(
  element: Pick<Element, "annotations">,
  user: string,
  value: Value,
): boolean {
  const before = ownValue(element, user);
  return before !== null && JSON.stringify(before) === JSON.stringify(value);
}
