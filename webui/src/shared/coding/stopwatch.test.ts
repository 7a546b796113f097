import { expect, it } from "vitest";
import { median, Stopwatch } from "./stopwatch";

it("counts only while the page is looked at", () => {
  let now = 0;
  const watch = new Stopwatch(() => now);
  now = 2_000;
  watch.pause();
  now = 60_000;
  watch.resume();
  now = 61_500;
  expect(watch.seconds()).toBe(3.5);
  watch.restart();
  expect(watch.seconds()).toBe(0);
});

it("finds the median", () => {
  expect(median([9, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 9])).toBe(3);
  expect(median([])).toBeNull();
});
