import { afterEach, describe, expect, it, vi } from "vitest";
import type { Action } from "./action";
import { keysOf, ownKeys, readKeys, resetKeys, setOwnKey } from "./ownKeys";
import { canChange, refusal } from "./remap";

const action = (id: string, keys: string[]): Action => ({
  id,
  title: id,
  section: "This text",
  keys,
  run: vi.fn(),
});
const undo = action("undo", ["u", "z"]);
const skip = action("skip", ["space"]);
const label = action("label.3", ["a"]);
const all = [undo, skip, label];

afterEach(resetKeys);

it("puts one's own key in place of the first, and gives it back", () => {
  setOwnKey("undo", "b");
  expect(keysOf(undo)).toEqual(["b", "z"]);
  expect(keysOf(skip)).toEqual(["space"]);
  setOwnKey("undo", null);
  expect(keysOf(undo)).toEqual(["u", "z"]);
});

it("remembers keys in the browser until all are given back", () => {
  setOwnKey("undo", "b");
  expect(readKeys(localStorage.getItem("kodkod.keys"))).toEqual({ undo: "b" });
  resetKeys();
  expect(ownKeys()).toEqual({});
  expect(localStorage.getItem("kodkod.keys")).toBeNull();
});

it("drops stored keys that mean nothing", () => {
  for (const raw of [null, "[", "[1]", "3", '{"undo":3}', '{"undo":""}']) {
    expect(readKeys(raw)).toEqual({});
  }
});

describe("a key", () => {
  it("is refused where another action has it, and says which", () => {
    expect(refusal(undo, "space", all, {})).toBe("space is already for “skip”.");
    expect(refusal(skip, "z", all, {})).toMatch(/already for “undo”/);
  });

  it("that another has given up is free", () => {
    expect(refusal(skip, "u", all, { undo: "b" })).toBeNull();
    expect(refusal(skip, "b", all, { undo: "b" })).toMatch(/already for “undo”/);
  });

  it("is refused where it is one's own for another page", () => {
    expect(refusal(skip, "b", all, { refresh: "b" })).toMatch(/another page/);
  });

  it("may be a letter that a label has, for labels take what is left", () => {
    expect(refusal(skip, "a", all, {})).toBeNull();
  });

  it("is never one of the browser's, nor a digit of labels", () => {
    for (const key of ["tab", "f5", "arrowup", "3"])
      expect(refusal(skip, key, all, {})).not.toBeNull();
  });

  it("may be kept", () => {
    expect(refusal(undo, "u", all, {})).toBeNull();
  });
});

it("leaves labels their places", () => {
  expect(all.map(canChange)).toEqual([true, true, false]);
});
