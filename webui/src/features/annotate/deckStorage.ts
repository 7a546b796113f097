import type { Element, NextQuery } from "@/api/schema";
import type { Deck } from "./deck";
import type { Place } from "./outbox/storage";

const MOST = 500_000;

/**
 * Remember the texts that are reserved for this tab, so that a reload or a look at another
 * sample does not leave them locked until their leases lapse.
 */
export function remember(place: Place, query: NextQuery, deck: Deck): void {
  const held = [...(deck.current ? [deck.current] : []), ...deck.ahead];
  const raw = JSON.stringify(held.filter((element) => element.lease != null));
  try {
    if (raw.length <= MOST) sessionStorage.setItem(keyOf(place, query), raw);
    else sessionStorage.removeItem(keyOf(place, query));
  } catch {
    // Without room in the storage a reload asks for other texts, and these leases lapse.
  }
}

/** Return what was reserved and still is at `now`. */
export function recall(place: Place, query: NextQuery, now: number): Element[] {
  try {
    const held: unknown = JSON.parse(sessionStorage.getItem(keyOf(place, query)) ?? "[]");
    if (!Array.isArray(held)) return [];
    return (held as Element[]).filter(
      ({ lease_expires_at }) => lease_expires_at != null && Date.parse(lease_expires_at) > now,
    );
  } catch {
    return [];
  }
}

function keyOf(place: Place, query: NextQuery): string {
  const { user, project, scheme } = place;
  return `kodkod.deck/${JSON.stringify([user, project, scheme, query])}`;
}
