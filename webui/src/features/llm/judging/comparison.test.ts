import { describe, expect, test } from "vitest";
import { type Comparison, comparisonOf, differencesOf, onlyOne, verdict } from "./comparison";

const NAMES = { first: "old", second: "new" };

function compared(difference: number | null, low: number, high: number): Comparison {
  const figure = { first: 0.6, second: 0.7, difference, low, high, p: 0.1 };
  return {
    first: "1",
    second: "2",
    split: "test",
    first_basis: "unseen",
    second_basis: "unseen",
    report: {
      n: 200,
      overall: { accuracy: figure },
      by_label: { rain: { f1: figure }, snow: { f1: { ...figure, difference: null } } },
      mcnemar: { only_first: 3, only_second: 23, p: 0.00002 },
    },
  };
}

describe("a comparison", () => {
  test("says which is better, and whether that may be chance", () => {
    expect(verdict(compared(0.1, 0.04, 0.16), NAMES)).toBe(
      "On 200 texts new is 10.0 points better than old (4.0 to 16.0).",
    );
    expect(verdict(compared(-0.1, -0.16, -0.04), NAMES)).toBe(
      "On 200 texts old is 10.0 points better than new (4.0 to 16.0).",
    );
    expect(verdict(compared(0.1, -0.04, 0.16), NAMES)).toContain("may be chance");
    expect(verdict(compared(null, 0, 0), NAMES)).toContain("cannot be told apart");
  });

  test("counts the texts that only one has right", () => {
    expect(onlyOne(compared(0.1, 0, 1), NAMES)).toBe(
      "Only old has 3 right, only new 23 (McNemar, p < 0.001).",
    );
  });

  test("draws what is defined", () => {
    expect(differencesOf(compared(0.1, 0, 1)).map(({ name }) => name)).toEqual([
      "Share right",
      "F1 of rain",
    ]);
  });

  test("is read from a job that is one", () => {
    expect(comparisonOf({ result: { ...compared(0.1, 0, 1) } })?.split).toBe("test");
    expect(comparisonOf({ result: null })).toBeNull();
    expect(comparisonOf({ result: { report: {} } })).toBeNull();
  });
});
