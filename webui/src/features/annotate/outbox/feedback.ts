import { useSyncExternalStore } from "react";
import type { Feedback } from "@/api/schema";
import type { Place } from "./storage";

/** The newest word on whether an answer was right, by place; it comes when the server answers. */
const heard = new Map<string, Feedback>();
const listeners = new Set<() => void>();

function nameOf({ user, project, scheme }: Place): string {
  return JSON.stringify([user, project, scheme]);
}

function tell(): void {
  for (const listener of listeners) listener();
}

export function hear(place: Place, feedback: Feedback): void {
  heard.set(nameOf(place), feedback);
  tell();
}

/** Let it go, whatever it was of. */
export function forget(place: Place): void {
  if (heard.delete(nameOf(place))) tell();
}

/** Let go what says no more than that all is well, or is of a text that is answered anew. */
export function pass(place: Place, id: string): void {
  const last = heard.get(nameOf(place));
  if (last !== undefined && (last.correct || last.id === id)) forget(place);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function lastFeedback(place: Place): Feedback | null {
  return heard.get(nameOf(place)) ?? null;
}

export function useFeedback(place: Place): Feedback | null {
  return useSyncExternalStore(subscribe, () => lastFeedback(place));
}
