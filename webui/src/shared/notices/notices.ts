import { useSyncExternalStore } from "react";

/** Something worth saying that nobody waits for. */
export interface Notice {
  /** A notice of the same id takes the place of the one before. */
  readonly id: string;
  readonly tone: "good" | "bad";
  readonly title: string;
  readonly text?: string;
  readonly action?: { readonly title: string; readonly run: () => void };
}

/** More than these at a time would be a list, and there is one: the tray. */
const MOST = 4;

let shown: readonly Notice[] = [];
const listeners = new Set<() => void>();

function become(notices: readonly Notice[]): void {
  shown = notices;
  for (const listener of listeners) listener();
}

/** Raise a notice. */
export function notify(notice: Notice): void {
  become([...shown.filter(({ id }) => id !== notice.id), notice].slice(-MOST));
}

export function dismiss(id: string): void {
  if (shown.some((notice) => notice.id === id)) become(shown.filter((notice) => notice.id !== id));
}

export function dismissAll(): void {
  if (shown.length > 0) become([]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function currentNotices(): readonly Notice[] {
  return shown;
}

export function useNotices(): readonly Notice[] {
  return useSyncExternalStore(subscribe, currentNotices);
}
