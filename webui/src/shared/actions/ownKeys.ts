import { useSyncExternalStore } from "react";
import type { Action } from "./action";

/**
 * A person's own keys, by the id of the action. They lie in the browser: a keyboard belongs to
 * where one sits.
 */
export type OwnKeys = Readonly<Record<string, string>>;

const KEY = "kodkod.keys";

let known: OwnKeys | null = null;
const listeners = new Set<() => void>();

export function ownKeys(): OwnKeys {
  known ??= readKeys(localStorage.getItem(KEY));
  return known;
}

/** Read keys as they were stored, without what means nothing. */
export function readKeys(raw: string | null): OwnKeys {
  try {
    const stored: unknown = JSON.parse(raw ?? "{}");
    if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return {};
    return Object.fromEntries(
      Object.entries(stored).filter(([, key]) => typeof key === "string" && key !== ""),
    );
  } catch {
    return {};
  }
}

/** Give an action a key of one's own; null gives it back the one that it comes with. */
export function setOwnKey(id: string, key: string | null): void {
  const { [id]: _, ...others } = ownKeys();
  store(key === null ? others : { ...others, [id]: key });
}

export function resetKeys(): void {
  store({});
}

function store(keys: OwnKeys): void {
  known = keys;
  try {
    if (Object.keys(keys).length === 0) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(keys));
  } catch {
    // Without a storage the keys last until the page is left.
  }
  for (const listener of listeners) listener();
}

// Another tab's change holds here too.
if (typeof window !== "undefined") {
  window.addEventListener("storage", ({ key }) => {
    if (key !== KEY && key !== null) return;
    known = null;
    for (const listener of listeners) listener();
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follow the keys, so that what shows them is drawn again when they change. */
export function useOwnKeys(): OwnKeys {
  return useSyncExternalStore(subscribe, ownKeys);
}

/** The keys that run an action: one's own instead of the first that it comes with. */
export function keysOf(
  action: Pick<Action, "id" | "keys">,
  own: OwnKeys = ownKeys(),
): readonly string[] {
  const key = own[action.id];
  return key === undefined ? action.keys : [key, ...action.keys.slice(1)];
}
