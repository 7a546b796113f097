import { useLocalStorage } from "@mantine/hooks";
import { useSyncExternalStore } from "react";
import type { JobView } from "@/api/schema";
import { isBackground, isOver } from "./news";

let opened = false;
const listeners = new Set<() => void>();

/** Open or close the tray, from wherever. */
export function setTray(open: boolean): void {
  if (opened === open) return;
  opened = open;
  for (const listener of listeners) listener();
}

export function toggleTray(): void {
  setTray(!opened);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function trayOpened(): boolean {
  return opened;
}

export function useTrayOpened(): boolean {
  return useSyncExternalStore(subscribe, trayOpened);
}

/** What is in the tray, sorted out. */
export interface Tray {
  readonly running: readonly JobView[];
  readonly queued: readonly JobView[];
  /** Newest end first. */
  readonly ended: readonly JobView[];
  /** Failed since the tray was looked at. */
  readonly unseen: readonly JobView[];
}

/** Sort jobs out for the tray. Guides refresh themselves: they are no one's computation. */
export function sortOut(jobs: readonly JobView[], seen: string): Tray {
  const shown = jobs.filter((job) => !isBackground(job));
  const ended = shown.filter(isOver).toSorted((a, b) => endOf(b).localeCompare(endOf(a)));
  return {
    running: shown.filter(({ state }) => state === "running"),
    // The one that comes next is on top.
    queued: shown.filter(({ state }) => state === "queued").toReversed(),
    ended,
    unseen: ended.filter((job) => job.state === "failed" && endOf(job) > seen),
  };
}

function endOf(job: JobView): string {
  return job.finished_at ?? job.created_at;
}

/**
 * The time up to which failures were seen, in every tab, and a way to move it.
 *
 * It is the end of a job as the server tells it: the browser's clock may go otherwise.
 */
export function useSeen(user: string): [string, (until: string) => void] {
  const [seen, setSeen] = useLocalStorage({
    key: `kodkod.jobs-seen/${user}`,
    defaultValue: "",
    getInitialValueInEffect: false,
  });
  return [seen, (until) => until > seen && setSeen(until)];
}

/** Return when the last of the jobs that have ended did; nothing where none has. */
export function lastEnd({ ended: [last] }: Tray): string {
  return last === undefined ? "" : endOf(last);
}
