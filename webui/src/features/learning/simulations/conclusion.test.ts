import { describe, expect, it } from "vitest";
import { aReport } from "../testing";
import { conclusion, gainWords, labelsWords, scoreWords, side, verdictLine } from "./conclusion";

const { strategies } = aReport();
const [random, ties, badge, coreSet] = strategies;
if (!random || !ties || !badge || !coreSet) throw new Error("the report lacks a strategy");

describe("a simulation", () => {
  it("says which strategy is better than random, by how much, and which are worse", () => {
    expect(conclusion(aReport())).toEqual([
      "“Between two labels” is better than random here: +2.1 points (+0.4 to +3.8) of macro F1 on average along the way. “Farthest away (core-set)” is worse than random.",
      "“Between two labels” came to 70.0 % of macro F1 with 150 labels, 71 labels fewer than random.",
    ]);
  });

  it("says so where none is better", () => {
    const report = aReport({ strategies: [random, badge], target: null });
    expect(conclusion(report)).toEqual([
      "No strategy is better than random here: intervals include 0.",
    ]);
    const worse = aReport({ strategies: [random, badge, coreSet], target: null });
    expect(conclusion(worse)[0]).toBe(
      "No strategy is better than random here: no interval lies above 0. “Farthest away (core-set)” is worse than random.",
    );
  });

  it("names the best first", () => {
    const gain = { value: 0.05, low: 0.03, high: 0.07 };
    const report = aReport({ strategies: [random, ties, { ...badge, gain }], target: null });
    expect(conclusion(report)[0]).toMatch(
      /^“Diverse gradients \(BADGE\)” is better .* “Between two labels” is better than random as well\.$/,
    );
  });

  it("concludes nothing from one seed, or from random alone", () => {
    expect(conclusion(aReport({ seeds: 1, target: null }))[0]).toMatch(/nothing can be concluded/);
    expect(conclusion(aReport({ strategies: [random], target: null }))[0]).toMatch(/^Only random/);
  });

  it("speaks of a target only where every seed came to it", () => {
    const slow = { ...ties, reached: 4 };
    const target = (all: typeof strategies) => conclusion(aReport({ strategies: all }))[1];
    expect(target([random, slow])).toBe(
      "“At random” came to 70.0 % of macro F1 with 221 labels, as soon as any other.",
    );
    expect(target([{ ...random, reached: 1 }, slow])).toBe(
      "No strategy came to 70.0 % of macro F1 with every seed.",
    );
    expect(target([{ ...random, reached: 1 }, ties])).toMatch(
      /; random did not with every seed\.$/,
    );
  });

  it("warns of what is few", () => {
    expect(conclusion(aReport({ seeds: 3, n_test: 60, target: null })).at(-1)).toBe(
      "3 seeds and 60 texts to test on are few: take it with care.",
    );
  });
});

it("says in a line what came out", () => {
  expect(verdictLine(aReport())).toBe(
    "“Between two labels” is better than random: +2.1 points (+0.4 to +3.8) of macro F1.",
  );
  expect(verdictLine(aReport({ strategies: [random, badge, coreSet] }))).toBe(
    "No strategy is better than random here.",
  );
  expect(verdictLine(aReport({ seeds: 1 }))).toMatch(/nothing can be concluded/);
});

it("tells on which side of zero an interval lies", () => {
  expect(side({ value: 1, low: 0.1, high: 2 })).toBe(1);
  expect(side({ value: 1, low: -0.1, high: 2 })).toBe(0);
  expect(side({ value: -1, low: -2, high: -0.1 })).toBe(-1);
  expect(side({ value: 1, low: null, high: null })).toBe(0);
});

it("writes figures with their intervals, and without where there is none", () => {
  expect(gainWords({ value: -0.018, low: -0.03, high: -0.006 })).toBe("−1.8 points (−3.0 to −0.6)");
  expect(gainWords({ value: 0.02 })).toBe("+2.0 points");
  expect(scoreWords({ value: 0.713, low: 0.7, high: 0.7264 })).toBe("71.3 % (70.0 to 72.6)");
  expect(scoreWords({ value: 0.99, low: 0.97, high: 1.01 })).toBe("99.0 % (97.0 to 100.0)");
  expect(labelsWords({ value: 149.7, low: 128, high: 172.2 })).toBe("150 (128 to 172)");
  expect(labelsWords({ value: 1500 })).toBe("1,500");
});
