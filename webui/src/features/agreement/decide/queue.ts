import type { Disagreement } from "@/api/schema";

/** The text in front, and where it stands. */
export interface Front {
  readonly item: Disagreement;
  /** Null where it is in the queue no more: votes agree now, or somebody has decided. */
  readonly at: number | null;
}

/**
 * Find the text in front: what was chosen, or the most severe.
 *
 * A chosen text stays in front though it left the queue meanwhile: a key must not decide another.
 */
export function frontOf(queue: readonly Disagreement[], chosen: Disagreement | null): Front | null {
  if (chosen !== null) {
    const at = queue.findIndex(({ id }) => id === chosen.id);
    const item = queue[at];
    return item === undefined ? { item: chosen, at: null } : { item, at };
  }
  const first = queue[0];
  return first === undefined ? null : { item: first, at: 0 };
}

/** The text that comes after one, or before it (-1); the first where that one is gone. */
export function neighbour(
  queue: readonly Disagreement[],
  id: string,
  step: 1 | -1 = 1,
): Disagreement | null {
  const at = queue.findIndex((item) => item.id === id);
  if (at === -1) return queue[0] ?? null;
  return queue[at + step] ?? null;
}

/** Leave out what was decided in this very moment, which the server's list may still have. */
export function undecided(
  items: readonly Disagreement[],
  decided: ReadonlyMap<string, readonly number[]>,
): readonly Disagreement[] {
  return items.filter(({ id, seen }) => {
    const then = decided.get(id);
    return then === undefined || then.join() !== seen.join();
  });
}
