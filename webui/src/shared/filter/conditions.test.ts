import { expect, it } from "vitest";
import { condition, kindOf, operationsOf } from "./conditions";

it("tells from its values what a column holds", () => {
  expect(kindOf([1, null, 2.5])).toBe("number");
  expect(kindOf([true, false])).toBe("boolean");
  expect(kindOf(["2026-01-31", null])).toBe("date");
  expect(kindOf(["2026-01-31T12:00:00Z"])).toBe("moment");
  expect(kindOf(["2026-01-31", "soon"])).toBe("text");
  expect(kindOf([null])).toBe("text");
});

it("asks of a column what can be asked of its kind", () => {
  expect(operationsOf("text")).not.toContain("lt");
  expect(operationsOf("number")).not.toContain("contains");
});

it("makes values of the column's kind of what was written", () => {
  expect(condition("year", "number", "ge", " 2001 ")).toEqual({
    column: "year",
    op: "ge",
    value: 2001,
  });
  expect(condition("year", "number", "ge", "later")).toBeNull();
  expect(condition("place", "text", "in", "north, south,")).toEqual({
    column: "place",
    op: "in",
    value: ["north", "south"],
  });
  expect(condition("open", "boolean", "eq", "false")?.value).toBe(false);
  expect(condition("place", "text", "is_null", "")).toEqual({
    column: "place",
    op: "is_null",
    value: null,
  });
  expect(condition("place", "text", "eq", " ")).toBeNull();
});
