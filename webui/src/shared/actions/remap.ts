import { t } from "@/shared/words/translate";
import { type Action, shownKey } from "./action";
import { keysOf, type OwnKeys, ownKeys } from "./ownKeys";

/** Labels have theirs by their place, and differ from scheme to scheme. */
export function canChange({ id, keys }: Pick<Action, "id" | "keys">): boolean {
  return keys.length > 0 && !isLabel(id);
}

function isLabel(id: string): boolean {
  return /(?:^|\.)label\./.test(id);
}

/** Keys that move the page or the focus, or that the browser means something by. */
const SPOKEN_FOR: readonly string[] = [
  "tab",
  "shift",
  "control",
  "alt",
  "meta",
  "altgraph",
  "capslock",
  "dead",
  "unidentified",
  "process",
  "pageup",
  "pagedown",
  "home",
  "end",
  "arrowup",
  "arrowdown",
  "arrowleft",
  "arrowright",
];

/** Keys that are no press by themselves: one goes on waiting for the other. */
export function isOnlyHeld(key: string): boolean {
  return ["shift", "control", "alt", "meta", "altgraph", "capslock"].includes(key);
}

/** Say why an action cannot have a key; null if it can. `others` are all actions on the page. */
export function refusal(
  action: Pick<Action, "id" | "title">,
  key: string,
  others: readonly Action[],
  own: OwnKeys = ownKeys(),
): string | null {
  if (SPOKEN_FOR.includes(key) || /^f\d+$/.test(key)) {
    return t("{{key}} belongs to the browser and the page.", { key: shownKey(key) });
  }
  if (/^[1-9]$/.test(key)) return t("The digits 1 to 9 are the labels’.");
  const taken = others.find((other) => other.id !== action.id && keysOf(other, own).includes(key));
  // A label gives way to an action: its key is chosen among those that are left.
  if (taken !== undefined && !isLabel(taken.id)) {
    return t("{{key}} is already for “{{title}}”.", { key: shownKey(key), title: taken.title });
  }
  // What is not on this page has its own key all the same.
  const elsewhere = Object.entries(own).find(
    ([id, other]) => other === key && id !== action.id && !others.some((each) => each.id === id),
  );
  return elsewhere === undefined
    ? null
    : t("{{key}} is already your key for something on another page.", { key: shownKey(key) });
}
