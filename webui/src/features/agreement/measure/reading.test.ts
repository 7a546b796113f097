import { describe, expect, it } from "vitest";
import type { Coefficient } from "@/api/schema";
import { mainMeasure, pairOf, reasons, sentence, shade, written } from "./reading";

const of = (value: number | null, low: number | null = null, high: number | null = null) =>
  ({ value, low, high, undefined: value === null ? "Nobody marked anything." : "" }) as Coefficient;

describe("sentence", () => {
  it("says how far coders agree, by which figure, and on how much", () => {
    const overall = { percent: of(0.8), alpha: of(0.61, 0.55, 0.67) };
    expect(sentence({ overall, pairable: 240 })).toContain(
      "Coders agree moderately: Krippendorff’s alpha 0.61, 95 % 0.55 to 0.67, on 240 texts",
    );
  });

  it("is not there where nothing has a value", () => {
    expect(sentence({ overall: { alpha: of(null) }, pairable: 0 })).toBeNull();
  });
});

it("lets a coefficient stand for all that is corrected for chance, where there is one", () => {
  expect(mainMeasure({ percent: of(0.9), ac1: of(0.8), alpha: of(0.7) })).toBe("alpha");
  expect(mainMeasure({ percent: of(0.9), alpha: of(null) })).toBe("percent");
});

it("writes shares as shares and coefficients to two places", () => {
  expect(written("percent", of(0.711, 0.6, 0.8))).toBe("71 %, 95 % 60 % to 80 %");
  expect(written("ac1", of(-0.1))).toBe("-0.10");
  expect(written("ac1", of(null))).toBe("undefined");
});

it("says each reason once, with all that it holds for", () => {
  const named = [
    ["a", of(null)],
    ["b", of(1)],
    ["c", of(null)],
  ] as const;
  expect(reasons(named)).toEqual([{ names: ["a", "c"], reason: "Nobody marked anything." }]);
});

it("finds a pair in whichever order, and shades what is better than chance", () => {
  const pair = { first: "ada", second: "ben", n: 3, overall: {}, table: null, by_label: null };
  expect(pairOf([pair], "ben", "ada")).toBe(pair);
  expect(pairOf([pair], "ben", "cy")).toBeNull();
  expect([shade(-1), shade(0.5), shade(null)]).toEqual([0, 0.5, 0]);
});
