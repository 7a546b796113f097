import { describe, expect, it } from "vitest";
import { aDisagreement, aVote } from "./testing";
import { changesBetween, decisionOf, said, same } from "./values";

describe("said", () => {
  it("writes values of every kind of scheme", () => {
    expect(said("rain", "")).toBe("rain");
    expect(said(["rain", "hail"], "")).toBe("rain, hail");
    expect(said([{ start: 2, end: 5, label: "who" }], "🌍 Ada met")).toBe("who: “Ada”");
    expect(said([], "")).toBe("no label");
    expect(said(null, "")).toBe("nothing");
  });
});

it("takes values for the same in whatever order", () => {
  expect(same(["a", "b"], ["b", "a"])).toBe(true);
  expect(same("a", ["a"])).toBe(false);
  expect(same([{ start: 0, end: 1, label: "x" }], [{ label: "x", end: 1, start: 0 }])).toBe(true);
  expect(same(null, undefined)).toBe(true);
});

it("tells what people say now and did not say before", () => {
  const before = aDisagreement("1");
  const [ada, ben] = before.votes;
  if (ada === undefined || ben === undefined) throw new Error("two votes");
  const after = {
    ...before,
    votes: [ada, { ...ben, seq: 9, value: "rain" }, aVote(10, "cy", "hail")],
  };
  expect(changesBetween(before, before)).toEqual([]);
  expect(changesBetween(before, after)).toEqual([
    { user: "ben", before: "snow", after: "rain", by: "vote" },
    { user: "cy", before: null, after: "hail", by: "vote" },
  ]);
});

it("lets the newest decision count", () => {
  const one = {
    seq: 3,
    user: "a",
    value: "x",
    source: "adjudication",
    comment: "",
    created_at: "",
  } as const;
  expect(decisionOf({ adjudications: [{ ...one, seq: 7 }, one] })?.seq).toBe(7);
  expect(decisionOf({ adjudications: [] })).toBeNull();
});
