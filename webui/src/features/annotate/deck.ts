import type { Element, NextTexts, Value } from "@/api/schema";
import type { How, Part } from "./parts";

/** A text that was dealt with, so that it can come back. */
export interface Past {
  readonly element: Element;
  readonly how: How;
  /** The operation that did it. */
  readonly key: string;
  readonly value: Value;
  readonly comment: string;
  readonly flagged: boolean;
  /** What was done with it in further schemes at the same time. */
  readonly others?: readonly Part[];
}

/** The text in front, those fetched ahead of need, and those behind. */
export interface Deck {
  readonly current: Element | null;
  readonly ahead: readonly Element[];
  readonly past: readonly Past[];
  /** What was taken back for the current text, to start from. */
  readonly returned: Past | null;
  /** Whether the server had nothing more. */
  readonly exhausted: boolean;
  /** Grows whenever the question changes, so that answers to an older one are dropped. */
  readonly deal: number;
}

export const AHEAD = 5;
const KEPT = 50;

export const emptyDeck: Deck = {
  current: null,
  ahead: [],
  past: [],
  returned: null,
  exhausted: false,
  deal: 0,
};

/** Whether more should be fetched now. */
export function wantsMore(deck: Deck): boolean {
  return !deck.exhausted && deck.ahead.length < AHEAD;
}

/** Take in what the server gave, less what is here already or still on its way back. */
export function dealt(deck: Deck, next: NextTexts, busy: ReadonlySet<string>): Deck {
  const here = new Set([...deck.ahead, ...(deck.current ? [deck.current] : [])].map((e) => e.id));
  const fresh = next.elements.filter(({ id }) => !here.has(id) && !busy.has(id));
  const exhausted = fresh.length === 0;
  return drawn({ ...deck, ahead: [...deck.ahead, ...fresh], exhausted }, deck.current);
}

/** Put the current text behind and take the next one whose lease still holds. */
export function advanced(deck: Deck, past: Past, now: number): Deck {
  const ahead = deck.ahead.filter((element) => !lapsed(element, now));
  // At the end it is worth one more question: what was in hand elsewhere may be free by now.
  const exhausted = deck.exhausted && ahead.length > 0;
  return drawn({ ...deck, ahead, exhausted, past: [...deck.past, past].slice(-KEPT) }, null);
}

/**
 * Bring the last text back to the front; the current one waits behind it.
 *
 * `leased` says whether its lease still holds; it ends with the annotation or the skip. So do those
 * in the further schemes that are `lapsedIn`.
 */
export function returned(deck: Deck, leased: boolean, lapsedIn: readonly string[] = []): Deck {
  const last = deck.past.at(-1);
  if (last === undefined) return deck;
  const element = withoutLeases(last.element, lapsedIn);
  return {
    ...deck,
    current: leased ? element : { ...element, lease: null, lease_expires_at: null },
    ahead: deck.current === null ? deck.ahead : [deck.current, ...deck.ahead],
    past: deck.past.slice(0, -1),
    returned: last,
  };
}

function withoutLeases(element: Element, schemes: readonly string[]): Element {
  if (schemes.length === 0) return element;
  const also = element.also?.map((each) =>
    schemes.includes(each.scheme) ? { ...each, lease: null } : each,
  );
  return { ...element, ...(also === undefined ? {} : { also }) };
}

/** Put a text in front that was dealt with long ago; the current one waits behind it. */
export function brought(deck: Deck, element: Element): Deck {
  if (deck.current?.id === element.id) return deck;
  const waiting = deck.current === null ? deck.ahead : [deck.current, ...deck.ahead];
  const ahead = waiting.filter(({ id }) => id !== element.id);
  return { ...deck, current: element, ahead, returned: null };
}

/** Begin anew with another question; what was done can still be taken back. */
export function restarted(deck: Deck): Deck {
  return { ...emptyDeck, past: deck.past, deal: deck.deal + 1 };
}

function drawn(deck: Deck, current: Element | null): Deck {
  if (current !== null) return deck;
  const [first = null, ...ahead] = deck.ahead;
  return { ...deck, current: first, ahead, returned: null };
}

function lapsed(element: Element, now: number): boolean {
  return element.lease_expires_at != null && Date.parse(element.lease_expires_at) <= now;
}
