import { expect, it } from "vitest";
import { arranged, moved, target } from "./order";

it.each([
  ["ArrowUp", 1, 0],
  ["ArrowUp", 0, null],
  ["ArrowDown", 1, 2],
  ["ArrowDown", 2, null],
  ["Home", 2, 0],
  ["Home", 0, null],
  ["End", 0, 2],
  ["Enter", 1, null],
])("%s moves the item at %d of three to %s", (key, from, to) => {
  expect(target(key, from, 3)).toBe(to);
});

it("moves an item either way", () => {
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(moved(["a"], 3, 0)).toEqual(["a"]);
});

it("arranges labels, those that somebody else has added meanwhile last", () => {
  const labels = [{ id: 1 }, { id: 2 }, { id: 3 }];
  expect(arranged(labels, null)).toBe(labels);
  expect(arranged(labels, [3, 9, 1]).map(({ id }) => id)).toEqual([3, 1, 2]);
});
