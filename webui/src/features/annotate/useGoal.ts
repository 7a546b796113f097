import { useEffect, useState } from "react";
import { type Goal, storedGoal } from "./goal";
import type { Place } from "./outbox/storage";

/**
 * A goal for this tab's session: it survives a reload and ends with the tab.
 *
 * `coded` counts the texts coded less those taken back since the page was opened.
 */
export function useGoal(place: Place, coded: number) {
  const key = `kodkod.goal/${JSON.stringify([place.user, place.project, place.scheme])}`;
  const [set, setSet] = useState(() => {
    const stored = read(key);
    return stored === null ? null : { texts: stored.texts, from: coded - stored.done };
  });
  const goal: Goal | null = set === null ? null : { texts: set.texts, done: coded - set.from };
  const raw = goal === null ? null : JSON.stringify(goal);
  useEffect(() => write(key, raw), [key, raw]);
  // Another number of texts leaves what was done towards it.
  const choose = (texts: number | null) =>
    setSet(texts === null ? null : { texts, from: set?.from ?? coded });
  return { goal, choose };
}

function read(key: string): Goal | null {
  try {
    return storedGoal(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key: string, raw: string | null): void {
  try {
    if (raw === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, raw);
  } catch {
    // Without a storage the goal lasts until the page is left.
  }
}
