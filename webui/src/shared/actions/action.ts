import { t } from "@/shared/words/translate";
import { keysOf, ownKeys } from "./ownKeys";

/** Something a person can do here: one entry gives the key, the button and the line in help. */
export interface Action {
  readonly id: string;
  /** What it does, in two or three words; the button's name. */
  readonly title: string;
  /** The heading under which help lists it. */
  readonly section: string;
  /** Keys that run it, as `keyOf` names them; the first is shown. */
  readonly keys: readonly string[];
  readonly disabled?: boolean;
  readonly run: () => void;
}

/** Name the key of an event as actions do: `1`, `a`, `?`, `space`, `enter`, `escape`. */
export function keyOf(event: Pick<KeyboardEvent, "key" | "code" | "shiftKey">): string {
  // On a French keyboard the digit row types & and é without shift: the place counts. With
  // shift the sign counts, for a German types / there.
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  if (digit !== undefined && !event.shiftKey) return digit;
  return event.key === " " ? "space" : event.key.toLowerCase();
}

/** Name a key that is pressed together with Ctrl, or ⌘ on a Mac: `ctrl+k`; null without either. */
export function combinedKeyOf(
  event: Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">,
): string | null {
  if (event.ctrlKey === event.metaKey || event.altKey || event.shiftKey) return null;
  return `ctrl+${keyOf(event)}`;
}

/** Find the action that a key runs; a disabled one still takes its key, and does nothing. */
export function actionFor(actions: readonly Action[], key: string): Action | undefined {
  const own = ownKeys();
  // One's own key goes before what another action on this page comes with.
  const first = actions.find(({ id }) => own[id] === key);
  return first ?? actions.find((action) => keysOf(action, own).includes(key));
}

/** Return the keys that two actions claim; none in a sound registry. */
export function clashes(actions: readonly Action[]): string[] {
  const keys = actions.flatMap((action) => keysOf(action));
  return [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))];
}

const DIGITS = "123456789";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/**
 * Give each of `count` labels a key: 1-9, then the letters that are not `taken`.
 *
 * What a person has given to any action is taken as well. Labels beyond those get none and are
 * reached by search.
 */
export function labelKeys(count: number, taken: readonly string[]): (string | null)[] {
  const own = Object.values(ownKeys());
  const free = [...DIGITS, ...LETTERS].filter((key) => !taken.includes(key) && !own.includes(key));
  return Array.from({ length: count }, (_, at) => free[at] ?? null);
}

const SHOWN: Readonly<Record<string, string>> = {
  escape: t("esc"),
  enter: t("enter"),
  space: t("space"),
};

/** Write a key as it is printed beside a button. */
export function shownKey(key: string): string {
  const combined = /^ctrl\+(.+)$/.exec(key)?.[1];
  if (combined !== undefined) return isMac() ? `⌘${combined.toUpperCase()}` : `ctrl ${combined}`;
  return SHOWN[key] ?? key;
}

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

/** Group actions by section, in order of first appearance. */
export function bySection(actions: readonly Action[]): [string, Action[]][] {
  const sections = new Map<string, Action[]>();
  for (const action of actions) {
    sections.set(action.section, [...(sections.get(action.section) ?? []), action]);
  }
  return [...sections];
}
