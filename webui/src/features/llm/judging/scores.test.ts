import { expect, test } from "vitest";
import type { LabellingInfo, ScoreReport } from "@/api/schema";
import { bracketed, comparable, confusionOf, judged, mainScore } from "./scores";

const REPORT: ScoreReport = { n: 40, labels: ["a"], overall: { macro_f1: { value: 0.5 } } };

function labelling(name: string, version: number, splits: readonly string[], scheme = "sky") {
  const scores = Object.fromEntries(splits.map((split) => [split, REPORT]));
  return { name, version, scheme, prompt: "code", scores } as unknown as LabellingInfo;
}

test("labellings are compared within a scheme, on the split that most share", () => {
  const all = [
    labelling("late", 2, ["test"]),
    labelling("early", 1, ["test", "train"]),
    labelling("odd", 3, ["valid"]),
    labelling("other", 1, [], "sea"),
  ];
  const found = comparable(all);
  expect(found.map(({ scheme, split }) => [scheme, split])).toEqual([["sky", "test"]]);
  expect(found[0]?.rows.map((row) => row.labelling.name)).toEqual(["early", "late"]);
  expect(judged(all[1] ?? labelling("", 1, []))).toEqual(["test", "train"]);
});

test("agreement is summed up by what there is", () => {
  expect(mainScore(REPORT)?.name).toBe("macro_f1");
  expect(mainScore({ ...REPORT, overall: {} })).toBeNull();
  expect(bracketed({ value: 0.723, low: 0.64, high: 0.79 })).toBe("72 % [64–79]");
  expect(bracketed({ value: 0.723 })).toBe("72 %");
  expect(bracketed({ value: null })).toBe("");
});

test("a confusion matrix says of each cell how much of its row it is", () => {
  const rows = confusionOf({ labels: ["a", "b"], confusion: [[3, 1]] });
  expect(rows?.[0]?.[1]).toEqual({ truth: "a", said: "b", n: 1, share: 0.25 });
  expect(rows?.[1]?.[0]).toEqual({ truth: "b", said: "a", n: 0, share: 0 });
  expect(confusionOf({ labels: [], confusion: [] })).toBeNull();
  expect(confusionOf({ labels: ["a"], confusion: null })).toBeNull();
});
