import { describe, expect, it } from "vitest";
import type { ComponentInfo, FeatureInfo, ModelInfo, SchemeInfo } from "@/api/schema";
import { firstFeatures, firstModel, modelsFor } from "@/shared/artefacts/choosing";
import { firstFeature, freeName } from "./make/choosing";
import { aModel } from "./testing";
import { coverage, predicted, quality, standing } from "./words";

function aComponent(name: string, capabilities: object): ComponentInfo {
  return {
    kind: "model",
    name,
    title: name,
    summary: "",
    plugin: "test",
    version: "1",
    capabilities: { ...capabilities },
    schema: {},
  };
}

function aFeature(name: string, change: Partial<FeatureInfo> = {}): FeatureInfo {
  return {
    id: name,
    name,
    component: "tfidf",
    params: {},
    dim: 200,
    rows: 360,
    sparse: false,
    comparable: true,
    created_at: "2026-11-24T12:00:00Z",
    ...change,
  };
}

const report = (overall: ModelInfo["scores"][string]["overall"]) => ({
  n: 80,
  basis: "unseen" as const,
  labels: [],
  overall,
});
const TRIED = {
  train: report({ accuracy: { value: 1 } }),
  test: report({ accuracy: { value: 0.7, low: 0.6, high: 0.8 }, macro_f1: { value: 0.6 } }),
};

describe("the form begins with", () => {
  const light = { heavy: false, gpu: false };

  it("a feature that is dense and quick on any machine", () => {
    const heavy = aComponent("embeddings", {
      sparse: false,
      resources: { heavy: true, gpu: true },
    });
    const sparse = aComponent("tfidf", { sparse: true, resources: light });
    const dense = aComponent("tfidf-svd", { sparse: false, resources: light });
    expect(firstFeature([heavy, sparse, dense])?.name).toBe("tfidf-svd");
    expect(firstFeature([heavy, sparse])?.name).toBe("tfidf");
    expect(firstFeature([heavy])?.name).toBe("embeddings");
    const asking = { ...aComponent("regex", { sparse: false, resources: light }) };
    asking.schema = { required: ["patterns"] };
    expect(firstFeature([asking, dense])?.name).toBe("tfidf-svd");
    expect(firstFeature([asking, heavy])?.name).toBe("regex");
    expect(firstFeature([])).toBeUndefined();
  });

  it("a model that can learn the scheme, and quickly", () => {
    const tagger = aComponent("tagger", { scheme_types: ["span"] });
    const forest = aComponent("forest", { scheme_types: ["multiclass"], guide: false });
    const logistic = aComponent("logistic", { scheme_types: ["multiclass"], guide: true });
    const scheme = { type: "multiclass" } as SchemeInfo;
    const models = modelsFor([tagger, forest, logistic], scheme);
    expect(models.map(({ name }) => name)).toEqual(["forest", "logistic"]);
    expect(firstModel(models)?.name).toBe("logistic");
    expect(modelsFor([tagger], undefined)).toEqual([]);
  });

  it("the newest dense feature", () => {
    const old = aFeature("old", { created_at: "2026-11-01T00:00:00Z" });
    const sparse = aFeature("sparse", { sparse: true, created_at: "2026-11-30T00:00:00Z" });
    expect(firstFeatures([old, aFeature("new"), sparse])).toEqual(["new"]);
    expect(firstFeatures([sparse])).toEqual(["sparse"]);
    expect(firstFeatures([])).toEqual([]);
  });

  it("a name that is free", () => {
    expect(freeName("stance-logistic", [])).toBe("stance-logistic");
    expect(freeName("lsa", ["lsa", "lsa-2"])).toBe("lsa-3");
  });
});

describe("a model", () => {
  it("is as good as it is on texts that it has not learnt from", () => {
    expect(quality(aModel({ scores: TRIED }))).toBe(
      "Agrees with 70 % (60 to 80) of 80 test annotations",
    );
    const seen = { train: { ...TRIED.train, basis: "in-sample" as const } };
    expect(quality(aModel({ scores: seen }))).toBe("Not tried yet: let it predict");
    expect(quality(aModel({ scores: seen, predicted_rows: 9 }))).toMatch(
      /^Not tried: no text is annotated/,
    );
    const crossed = { train: { ...TRIED.test, basis: "cross-validated" as const } };
    expect(quality(aModel({ scores: crossed }))).toBe(
      "Agrees with 70 % (60 to 80) of 80 cross-validated annotations",
    );
  });

  it("is told without an interval where that says nothing", () => {
    const scores = { test: report({ accuracy: { value: 1, low: 1, high: 1 } }) };
    expect(quality(aModel({ scores }))).toBe("Agrees with 100 % of 80 test annotations");
  });

  it("is scored by F1 where accuracy says nothing", () => {
    const scores = { valid: report({ macro_f1: { value: 0.512 } }) };
    expect(quality(aModel({ scores }))).toBe("Macro F1 51 % on 80 texts");
  });

  it("has predicted some texts, or all", () => {
    expect(predicted(300, 360)).toBe("300 of 360 texts");
    expect(predicted(360, 360)).toBe("all 360 texts");
  });
});

it("says which texts a feature covers", () => {
  expect(coverage(aFeature("a"), 360)).toBe("360 texts, 200 dimensions");
  expect(coverage(aFeature("a"), 400)).toBe("360 of 400 texts, 200 dimensions");
});

it("sums up what is there", () => {
  expect(standing([], [])).toMatch(/^A feature turns each text into numbers/);
  expect(standing([], [aModel({ scores: TRIED }), aModel({ name: "m2" })])).toBe(
    "0 features and 2 models. The one that agrees most with what people say is m1: 70 % (60 to 80).",
  );
});
