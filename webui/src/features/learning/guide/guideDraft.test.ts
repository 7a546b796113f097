import { describe, expect, it } from "vitest";
import type { FeatureInfo } from "@/api/schema";
import { someStrategies } from "@/shared/artefacts/testing";
import { aGuide } from "../testing";
import { asNewGuide, beginGuide, given, readGuide } from "./guideDraft";

const LABELS = ["agree", "disagree"];

function aFeature(name: string, sparse = false): FeatureInfo {
  return {
    id: name,
    name,
    component: "tfidf",
    params: {},
    dim: 10,
    rows: 10,
    sparse,
    comparable: !sparse,
    created_at: "2026-11-24T12:00:00Z",
  };
}

const DENSE = aFeature("dense");
const SPARSE = aFeature("sparse", true);
const start = (guide: Parameters<typeof beginGuide>[0], features = [DENSE, SPARSE]) =>
  beginGuide(guide, "logistic", features, someStrategies, LABELS);

describe("a guide that is set", () => {
  it("begins with what is good for most", () => {
    expect(readGuide(start(null), {}, someStrategies, LABELS)).toEqual({
      features: ["dense"],
      model: "logistic",
      params: {},
      strategy: "breaking-ties",
      strategy_params: {},
      refresh_every: 10,
      refresh_idle_seconds: 5,
      cold_start: "typiclust",
      cold_start_params: {},
      cold_labels: 2,
      varied: true,
      ensemble: 0,
    });
  });

  it("starts at random where no feature shows which texts are typical", () => {
    expect(start(null, [SPARSE]).cold.name).toBe("random");
  });

  it("is the same again where nothing was changed", () => {
    const guide = aGuide({
      features: ["dense"],
      strategy: "rare-mix",
      strategy_params: { rare: ["agree"], base: "badge" },
      refresh_every: 0,
      refresh_idle_seconds: null,
      ensemble: 5,
    });
    expect(readGuide(start(guide), {}, someStrategies, LABELS)).toEqual(asNewGuide(guide));
  });

  it("cannot be set without a feature, or with wrong params", () => {
    const gone = start(aGuide({ features: ["deleted"] }));
    expect(readGuide(gone, {}, someStrategies, LABELS)).toBeNull();
    expect(readGuide(start(null), null, someStrategies, LABELS)).toBeNull();
    const nameless = start(aGuide({ features: ["dense"], strategy: "max-probability" }));
    expect(readGuide(nameless, {}, someStrategies, LABELS)).toBeNull();
  });

  it("keeps all but the strategy where only that is replaced", () => {
    const guide = aGuide({ refresh_every: 3 });
    const change = { strategy: "random", strategy_params: {} };
    expect(asNewGuide(guide, change)).toEqual({ ...asNewGuide(guide), ...change });
  });
});

it("knows what strategies can read", () => {
  const features = [DENSE, SPARSE];
  expect(given({ features: ["sparse"], ensemble: 0 }, features, 0)).toEqual({
    guide: true,
    embeddings: false,
    committee: false,
    llm: false,
  });
  const rich = given({ features: ["sparse", "dense"], ensemble: 3 }, features, 0);
  expect([rich.embeddings, rich.committee]).toEqual([true, true]);
  expect(given({ features: [], ensemble: 0 }, features, 2).committee).toBe(true);
});
