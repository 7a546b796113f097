import { expect, it } from "vitest";
import type { AgreementView, HistoryEntry } from "@/api/schema";
import { aModel } from "./testing";
import { agreementSentence, bestModel, historySentence, modelSentence } from "./words";

const scores = (value: number, split = "test") => ({
  scores: { [split]: { n: 120, overall: { accuracy: { value, low: value - 0.07, high: 0.9 } } } },
});

it("takes the model that agrees best on texts it has not seen", () => {
  const models = [aModel("first", scores(0.84)), aModel("second", scores(0.8)), aModel("third")];
  const best = bestModel(models);
  expect(best?.model.name).toBe("first");
  expect(best && modelSentence(best)).toBe(
    "first agrees with 84 % of 120 annotations that it has not seen (between 77 % and 90 %).",
  );
  expect(bestModel([aModel("only learnt", scores(0.99, "train"))])).toBeNull();
});

const agreement = (pairable: number, overall: object) =>
  ({ pairable, overall }) as unknown as AgreementView;

it("says how far people agree, as far as that is known", () => {
  expect(agreementSentence(agreement(0, {}))).toBeNull();
  expect(agreementSentence(agreement(40, { percent: { value: 0.9 } }))).toContain("90 %");
  expect(agreementSentence(agreement(40, { alpha: { value: 0.7123 } }))).toContain("0.71");
  expect(agreementSentence(agreement(40, { alpha: { value: null } }))).not.toContain("null");
});

const entry = (op: string, value: unknown) =>
  ({ user: "anna", op, value }) as unknown as HistoryEntry;

it.each([
  ["set", "agree", "anna said agree"],
  ["set", ["a", "b"], "anna said a, b"],
  ["set", [], "anna coded a text"],
  ["set", [{ start: 0, end: 2, label: "a" }], "anna coded a text"],
  ["set", null, "anna took an answer back"],
  ["merge", null, "anna merged labels"],
])("says what a %s of %j was", (op, value, sentence) => {
  expect(historySentence(entry(op, value))).toBe(sentence);
});
