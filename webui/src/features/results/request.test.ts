import { describe, expect, test } from "vitest";
import { type EstimateDraft, estimatorsFor, requestOf } from "./request";

const DRAFT: EstimateDraft = {
  kind: "prevalence",
  labels: [],
  by: "year",
  covariates: ["year", "length"],
  categories: ["year"],
  standardise: true,
  human: "sample:fair",
  leaveOut: false,
  model: "quick",
  machine: "probabilities",
  level: 95,
  population: "corpus",
  seed: null,
};

describe("what is sent", () => {
  test("has what the question needs and nothing else", () => {
    const sent = requestOf(DRAFT, "ppi", {});
    expect(sent).toMatchObject({
      sample: "fair",
      human: "drawn-sample",
      model: "quick",
      level: 0.95,
    });
    expect(sent?.question).toEqual({ kind: "prevalence", labels: [] });
    expect(requestOf({ ...DRAFT, kind: "mean-by-group" }, "ppi", {})?.question?.by).toBe("year");
    expect(requestOf({ ...DRAFT, kind: "linear" }, "ppi", {})?.question?.covariates).toEqual([
      { column: "year", standardise: true, categorical: true },
      { column: "length", standardise: true, categorical: false },
    ]);
  });

  test("names other human labels without a sample, and no model where there is none", () => {
    const sent = requestOf({ ...DRAFT, human: "test-split", model: null }, "random-sample", {});
    expect(sent).toMatchObject({ human: "test-split" });
    expect(sent).not.toHaveProperty("sample");
    expect(sent).not.toHaveProperty("model");
  });

  test("is nothing while the question is not whole", () => {
    expect(requestOf({ ...DRAFT, human: null }, "ppi", {})).toBeNull();
    expect(requestOf({ ...DRAFT, kind: "mean-by-group", by: null }, "ppi", {})).toBeNull();
    expect(requestOf({ ...DRAFT, kind: "logistic", covariates: [] }, "ppi", {})).toBeNull();
    expect(requestOf(DRAFT, "ppi", null)).toBeNull();
    expect(requestOf(DRAFT, undefined, {})).toBeNull();
  });
});

test("estimators go with a model, or without one", () => {
  const of = (name: string, needs_machine: boolean) => ({
    kind: "estimator",
    name,
    title: name,
    summary: "",
    plugin: "",
    version: "",
    capabilities: { needs_machine },
    schema: {},
  });
  const all = [of("ppi", true), of("alone", false)];
  expect(estimatorsFor(all, "quick").map(({ name }) => name)).toEqual(["ppi"]);
  expect(estimatorsFor(all, null).map(({ name }) => name)).toEqual(["alone"]);
});
