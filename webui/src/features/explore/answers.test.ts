import { expect, it } from "vitest";
import type { Element } from "@/api/schema";
import {
  confidence,
  given,
  keptOf,
  labelsOf,
  pressed,
  replaced,
  restoring,
  saying,
  withMine,
} from "./answers";

const AT = "2026-01-01T00:00:00Z";

function aText(said: Partial<Element["annotations"][number]>[]): Element {
  return {
    id: "t1",
    row: 0,
    split: "train",
    text: "a text",
    context: {},
    prediction: null,
    annotations: said.map((each, at) => ({
      seq: at + 1,
      user: "anna",
      value: "pro",
      source: "human",
      comment: "",
      created_at: AT,
      ...each,
    })),
  };
}

it("remembers what I said, and nobody else's", () => {
  const element = aText([{ user: "otto" }, { value: "con", comment: "hm", flagged: true }]);
  expect(keptOf(element, "anna")).toEqual({
    id: "t1",
    row: 0,
    value: "con",
    comment: "hm",
    flagged: true,
  });
  expect(keptOf(element, "rita")).toEqual({
    id: "t1",
    row: 0,
    value: null,
    comment: "",
    flagged: false,
  });
});

it("does not take a decision for my own answer", () => {
  const element = aText([{ source: "adjudication" }]);
  expect(keptOf(element, "anna").value).toBeNull();
  expect(withMine(element, "anna", "con", AT).annotations).toHaveLength(2);
});

it("changes values, keeps comments and flags, and says the earlier again", () => {
  const kept = [
    { id: "a", row: 0, value: "con", comment: "hm", flagged: true },
    { id: "b", row: 1, value: null, comment: "", flagged: false },
    { id: "c", row: 2, value: "pro", comment: "", flagged: false },
  ];
  expect(saying(kept, () => "pro")[0]).toEqual({
    id: "a",
    value: "pro",
    comment: "hm",
    flagged: true,
  });
  expect(restoring(kept).map(({ value }) => value)).toEqual(["con", null, "pro"]);
  expect(replaced(kept, () => "pro")).toBe(1);
});

it("shows at once what I said", () => {
  const element = aText([{ user: "otto" }]);
  const said = withMine(element, "anna", "con", AT);
  expect(said.annotations.map(({ user, value }) => [user, value])).toEqual([
    ["anna", "con"],
    ["otto", "pro"],
  ]);
  expect(withMine(said, "anna", null, AT).annotations).toHaveLength(1);
});

it("puts one label in place of another, or among others", () => {
  expect(pressed("con", "pro", false)).toBe("pro");
  expect(pressed(null, "pro", true)).toEqual(["pro"]);
  expect(pressed(["pro", "con"], "pro", true)).toEqual(["con"]);
  expect(pressed(["pro"], "pro", true)).toBeNull();
  expect(given(["pro"], "pro", true)).toEqual(["pro"]);
  expect(given(["con"], "pro", true)).toEqual(["con", "pro"]);
  expect(given("con", "pro", false)).toBe("pro");
});

it("names the labels of any value once", () => {
  expect(labelsOf("pro")).toEqual(["pro"]);
  expect(
    labelsOf([
      { start: 0, end: 1, label: "a" },
      { start: 2, end: 3, label: "a" },
    ]),
  ).toEqual(["a"]);
  expect(labelsOf(null)).toEqual([]);
});

it("is as sure as the server says", () => {
  expect(confidence({ a: 0.2, b: 0.8 }, false)).toBe(0.8);
  expect(confidence({ a: 0.2, b: 0.6 }, true)).toBeCloseTo(0.7);
  expect(confidence({}, false)).toBeNull();
});
