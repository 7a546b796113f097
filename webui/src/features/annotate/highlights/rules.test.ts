import { describe, expect, it } from "vitest";
import { matchesIn } from "./matches";
import { another, compiled, storedRules } from "./rules";

function found(source: string, text: string, kind: "words" | "pattern" = "words"): string[] {
  const { pattern } = compiled({ kind, source });
  return pattern === null ? [] : matchesIn(pattern, text).map(([from, to]) => text.slice(from, to));
}

describe("words", () => {
  it("are found whole, without regard to case, the longest first", () => {
    expect(found("climate, climate change", "Climate change; the climate. Acclimate.")).toEqual([
      "Climate change",
      "climate",
    ]);
  });

  it("are found in every script, and signs in them mean themselves", () => {
    expect(found("énergie, C++, (a)", "L’Énergie de C++ et (a)")).toEqual([
      "Énergie",
      "C++",
      "(a)",
    ]);
    expect(found("العالم", "مرحبا العالم")).toEqual(["العالم"]);
  });

  it("may be none", () => {
    expect(compiled({ kind: "words", source: " , " })).toEqual({ pattern: null, problem: null });
  });
});

describe("a pattern", () => {
  it("is found wherever it fits", () => {
    expect(found("\\d+ %", "12 % of 7 %", "pattern")).toEqual(["12 %", "7 %"]);
  });

  it("says what is wrong with it", () => {
    expect(compiled({ kind: "pattern", source: "(a" }).problem).toMatch(/Not a regular expression/);
  });

  it("ends where it finds nothing but emptiness", () => {
    expect(found("x*", "aax", "pattern")).toEqual(["x"]);
  });
});

it("gives a new rule a colour of its own", () => {
  const one = another([]);
  const two = another([one]);
  expect([one.color, two.color]).toEqual([1, 2]);
  expect(two.id).not.toBe(one.id);
});

it("reads what was stored, and drops what means nothing", () => {
  const rule = { id: 1, kind: "words", source: "a", color: 3 };
  expect(storedRules([rule, null, { ...rule, color: 12 }, { ...rule, kind: "x" }])).toEqual([rule]);
  expect(storedRules("none")).toEqual([]);
});
