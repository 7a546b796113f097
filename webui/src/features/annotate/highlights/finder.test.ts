import { expect, it, vi } from "vitest";
import type { Asked } from "./find.worker";
import { Finder, type Searcher } from "./finder";
import { matchesIn } from "./matches";

/** A worker that answers at once, but never where the pattern is `forever`. */
function aSearcher(): Searcher {
  const searcher: Searcher = {
    onmessage: null,
    onerror: null,
    terminate: vi.fn(),
    postMessage: ({ number, pattern, text }: Asked) => {
      if (pattern === "forever") return;
      const places = matchesIn(pattern, text);
      queueMicrotask(() =>
        searcher.onmessage?.(new MessageEvent("message", { data: { number, places } })),
      );
    },
  };
  return searcher;
}

const never = new AbortController().signal;

it("finds one pattern after the other", async () => {
  const finder = new Finder(aSearcher);
  const found = await Promise.all([
    finder.find("a", "banana", never),
    finder.find("n", "ban", never),
  ]);
  expect(found).toEqual([
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [[2, 3]],
  ]);
});

it("cuts off a pattern that takes too long, and goes on with another worker", async () => {
  vi.useFakeTimers();
  const started: Searcher[] = [];
  const finder = new Finder(() => {
    const searcher = aSearcher();
    started.push(searcher);
    return searcher;
  });
  const long = finder.find("forever", "text", never);
  const next = finder.find("x", "x", never);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await long).toBeNull();
  expect(await next).toEqual([[0, 1]]);
  expect(started[0]?.terminate).toHaveBeenCalled();
  expect(started).toHaveLength(2);
  vi.useRealTimers();
});

it("does not begin what nobody waits for any more", async () => {
  const start = vi.fn(aSearcher);
  const gone = new AbortController();
  gone.abort();
  expect(await new Finder(start).find("a", "a", gone.signal)).toEqual([]);
  expect(start).not.toHaveBeenCalled();
});
