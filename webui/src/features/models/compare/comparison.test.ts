import { describe, expect, it } from "vitest";
import type { JobView } from "@/api/schema";
import { aModel, aReport } from "../testing";
import {
  commonSplits,
  conclusion,
  hindrance,
  ranked,
  type Test,
  tells,
  testOf,
} from "./comparison";

const scored = (name: string, value: number) =>
  aModel({
    id: name,
    name,
    scores: { test: aReport({ overall: { macro_f1: { value }, log_loss: { value } } }) },
  });
const best = scored("best", 0.8);
const other = scored("other", 0.7);
const third = scored("third", 0.6);
const names = new Map([best, other, third].map(({ id, name }) => [id, name]));

function compared(first: string, second: string, figure: object): JobView {
  const report = {
    n: 80,
    overall: { macro_f1: figure },
    mcnemar: { only_first: 3, only_second: 12, p: 0.04 },
  };
  return {
    kind: "compare",
    result: { first, second, split: "test", report },
  } as unknown as JobView;
}

const job = compared("other", "best", { difference: 0.1, low: 0.02, high: 0.18, p: 0.01 });

function test(change: Partial<Test>): Test {
  return {
    other: "other",
    n: 80,
    difference: 0.1,
    low: 0.02,
    high: 0.18,
    p: 0.01,
    mcnemar: null,
    job,
    ...change,
  };
}

describe("models can be compared", () => {
  it("where they learnt one scheme and were judged on one split", () => {
    expect(hindrance([best, other])).toBeNull();
    expect(commonSplits([best, other])).toEqual(["test"]);
    expect(hindrance([best])).toMatch(/^Choose two/);
    expect(hindrance([best, { ...other, scheme: "another" }])).toMatch(/different schemes/);
    expect(hindrance([best, { ...other, scores: {} }])).toBe(
      "Not judged yet: other. Let them predict first.",
    );
    const elsewhere = { ...other, scores: { train: aReport() } };
    expect(hindrance([best, elsewhere])).toMatch(/^They were judged on different texts/);
  });

  it("in the order of a figure, the least first where it is a loss", () => {
    const all = [other, third, best];
    expect(ranked(all, "test", "macro_f1").map(({ name }) => name)).toEqual([
      "best",
      "other",
      "third",
    ]);
    expect(ranked(all, "test", "log_loss").map(({ name }) => name)[0]).toBe("third");
  });
});

it("reads a comparison whichever model was named first", () => {
  const straight = testOf([job], "best", "other", "test", "macro_f1");
  expect(straight).toMatchObject({ difference: 0.1, mcnemar: { leading: 12, other: 3 } });
  const turned = testOf([job], "other", "best", "test", "macro_f1");
  expect(turned).toMatchObject({
    difference: -0.1,
    low: -0.18,
    high: -0.02,
    mcnemar: { leading: 3, other: 12 },
  });
  expect(testOf([job], "best", "third", "test", "macro_f1")).toBeNull();
  expect(testOf([job], "best", "other", "valid", "macro_f1")).toBeNull();
});

describe("the conclusion", () => {
  it("says which is better, or that the data cannot tell", () => {
    expect(conclusion(best, [test({})], "macro_f1", names)).toBe(
      "On texts like these best is better than other: macro F1 is 0.10 higher.",
    );
    expect(conclusion(best, [test({ low: -0.03, p: 0.2 })], "macro_f1", names)).toBe(
      "The data cannot tell which of best and other is better: on other texts like these, best may have 0.03 less or 0.18 more of macro F1.",
    );
    const same = test({ difference: 0, low: 0, high: 0, p: 1 });
    expect(conclusion(best, [same], "macro_f1", names)).toMatch(/^Nothing tells best and other/);
  });

  it("asks more of each of several tests", () => {
    const weak = test({ p: 0.03 });
    expect(tells(weak, 1)).toBe(true);
    expect(tells(weak, 2)).toBe(false);
    expect(conclusion(best, [test({}), test({ other: "third", p: 0.03 })], "macro_f1", names)).toBe(
      "On texts like these best is better than other by macro F1. Whether it is better than third the data cannot tell.",
    );
    expect(conclusion(best, [test({}), test({ other: "third" })], "macro_f1", names)).toBe(
      "On texts like these best is better than other and third by macro F1.",
    );
  });
});
