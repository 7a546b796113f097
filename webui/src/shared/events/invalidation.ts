import type { InvalidateQueryFilters, QueryClient } from "@tanstack/react-query";

/** Of many events together only one request follows. */
const TOGETHER = 1_000;

const waiting = new WeakMap<QueryClient, Set<string>>();

/** Invalidate what the filters match once `pause` milliseconds have passed, for all who ask till then. */
export function soon(
  client: QueryClient,
  name: string,
  filters: InvalidateQueryFilters,
  pause = TOGETHER,
): void {
  const names = waiting.get(client) ?? new Set();
  waiting.set(client, names);
  if (names.has(name)) return;
  names.add(name);
  setTimeout(() => {
    names.delete(name);
    void client.invalidateQueries(filters);
  }, pause);
}
