import { describe, expect, test } from "vitest";
import { type DrawDraft, drawPlan, planWish, together } from "./plan";

const DRAFT = { share: 30, half: 3, good: 0.7, level: 95 };

test("a plan is asked for in shares, once it can be meant", () => {
  expect(planWish(DRAFT)).toEqual({
    prevalence: 0.3,
    half_width: 0.03,
    correlation: 0.7,
    level: 0.95,
  });
  for (const part of [{ share: null }, { half: 0 }, { half: 50 }, { good: 2 }, { level: 100 }]) {
    expect(planWish({ ...DRAFT, ...part })).toBeNull();
  }
});

describe("a draw", () => {
  const draft: DrawDraft = {
    n: 200,
    split: "test",
    strata: "",
    allocation: "neyman",
    least: 5,
    seed: null,
  };

  test("says how texts are allotted only where there are strata", () => {
    expect(drawPlan(draft)).toEqual({ n: 200, split: "test", seed: 0 });
    expect(drawPlan({ ...draft, strata: "model:quick" })).toEqual({
      n: 200,
      split: "test",
      model: "quick",
      allocation: "neyman",
      least: 5,
      seed: 0,
    });
    expect(drawPlan({ ...draft, strata: "column:model:x" })?.column).toBe("model:x");
  });

  test("needs a number", () => {
    expect(drawPlan({ ...draft, n: null })).toBeNull();
  });
});

test("estimators that need the same are one line", () => {
  const plan = { design: "simple" as const, n_human: 90, note: "n" };
  const lines = together([
    { estimator: "a", ...plan },
    { estimator: "b", ...plan },
    { estimator: "c", ...plan, n_human: 100 },
  ]);
  expect(lines.map(({ estimators, n_human }) => [estimators, n_human])).toEqual([
    [["a", "b"], 90],
    [["c"], 100],
  ]);
});
