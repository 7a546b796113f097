import { describe, expect, it, vi } from "vitest";
import { type Action, actionFor, bySection, clashes, keyOf, labelKeys } from "./action";

const action = (id: string, keys: string[], section = "This text"): Action => ({
  id,
  title: id,
  section,
  keys,
  run: vi.fn(),
});

describe("keyOf", () => {
  it("takes the place of a digit on a French keyboard, where the row types signs", () => {
    expect(keyOf({ key: "&", code: "Digit1", shiftKey: false })).toBe("1");
    expect(keyOf({ key: "1", code: "Digit1", shiftKey: true })).toBe("1");
  });

  it("takes the sign of a shifted digit on a German keyboard", () => {
    expect(keyOf({ key: "/", code: "Digit7", shiftKey: true })).toBe("/");
  });

  it("names space, and letters without regard to case", () => {
    expect(keyOf({ key: " ", code: "Space", shiftKey: false })).toBe("space");
    expect(keyOf({ key: "U", code: "KeyU", shiftKey: true })).toBe("u");
  });
});

describe("labelKeys", () => {
  it("gives 1-9, then letters that no action has, then none", () => {
    const keys = labelKeys(77, ["c", "u", "p", "space", "?"]);
    expect(keys.slice(0, 12)).toEqual([..."123456789", "a", "b", "d"]);
    expect(keys.filter((key) => key !== null)).toHaveLength(9 + 26 - 3);
    expect(keys.at(-1)).toBeNull();
  });
});

describe("a registry", () => {
  it("finds an action by any of its keys", () => {
    const undo = action("undo", ["u", "z"]);
    expect(actionFor([action("skip", ["space"]), undo], "z")).toBe(undo);
    expect(actionFor([undo], "x")).toBeUndefined();
  });

  it("names the keys that two actions claim", () => {
    expect(clashes([action("a", ["u"]), action("b", ["u", "x"])])).toEqual(["u"]);
  });

  it("is listed by section in order of first appearance", () => {
    const [a, b, c] = [action("a", [], "One"), action("b", [], "Two"), action("c", [], "One")];
    expect(bySection([a, b, c])).toEqual([
      ["One", [a, c]],
      ["Two", [b]],
    ]);
  });
});
