import { expect, it } from "vitest";
import type { FeatureInfo, JobView, ProjectionInfo } from "@/api/schema";
import { aModel } from "../testing";
import { consequences, counts, lineage, makerOf, makers, ofKind } from "./lineage";

const CREATED = "2026-11-24T12:00:00Z";
const feature = (name: string): FeatureInfo => ({
  id: `f-${name}`,
  name,
  component: "tfidf",
  params: {},
  dim: 10,
  rows: 20,
  sparse: false,
  comparable: true,
  created_at: CREATED,
});
const map = (name: string, of: string | null): ProjectionInfo => ({
  id: `p-${name}`,
  name,
  component: "pca",
  params: {},
  feature: of,
  split: null,
  rows: 20,
  seed: 0,
  created_at: CREATED,
});
const made = {
  features: [feature("lsa"), feature("words")],
  models: [
    aModel({ id: "m1", name: "m1", features: ["f-words", "f-lsa"], predicted_rows: 20 }),
    aModel({ id: "m2", name: "m2", features: ["gone"] }),
    aModel({ id: "m3", name: "m3", predicted: { test: 5 } }),
  ],
  maps: [map("drawn", "lsa"), map("left", null)],
  topics: [],
};
const lines = lineage(made);

it("puts everything below what it comes from", () => {
  expect(lines.map(({ key, depth, from }) => [depth, key, from])).toEqual([
    [0, "feature f-lsa", []],
    [1, "map p-drawn", ["lsa"]],
    [0, "feature f-words", []],
    [1, "model m1", ["words", "lsa"]],
    [2, "predictions m1 complete", ["m1"]],
    [0, "model m2", [null]],
    [0, "model m3", []],
    [1, "predictions m3 test", ["m3"]],
    [0, "map p-left", [null]],
  ]);
});

it("counts and lists one kind", () => {
  expect(counts(lines)).toEqual({ feature: 2, model: 3, predictions: 2, map: 2, topics: 0 });
  expect(ofKind(lines, "predictions").map(({ depth }) => depth)).toEqual([0, 0]);
  expect(ofKind(lines, undefined)).toBe(lines);
});

it("knows which job made what: the first, or of predictions the newest", () => {
  const job = (id: string, kind: string, result: object) => ({ id, kind, result }) as JobView;
  const found = makers([
    job("late", "predict", { model: "m1", on: "complete" }),
    job("early", "predict", { model: "m1", on: "complete" }),
    job("again", "train", { model: "m1" }),
    job("first", "train", { model: "m1" }),
    job("other", "score", { model: "m1" }),
  ]);
  const of = (key: string) => {
    const line = lines.find((each) => each.key === key);
    return line === undefined ? undefined : makerOf(line.artefact, found)?.id;
  };
  expect(of("model m1")).toBe("first");
  expect(of("predictions m1 complete")).toBe("late");
  expect(of("feature f-lsa")).toBeUndefined();
});

it("says what goes or suffers when something is deleted", () => {
  const line = (key: string) => {
    const found = lines.find((each) => each.key === key);
    if (found === undefined) throw new Error(key);
    return consequences(found, made);
  };
  expect(line("feature f-lsa")).toEqual({ predictions: 0, models: ["m1"], drawings: ["drawn"] });
  expect(line("model m3")).toEqual({ predictions: 1, models: [], drawings: [] });
});
