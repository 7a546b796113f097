import { expect, it } from "vitest";
import type { FeatureInfo, GuideInfo, ProjectState } from "@/api/schema";
import { nextStep, schemeAtWork } from "./nextStep";
import { aModel, aProject, aScheme, aState } from "./testing";

const features = [{ name: "tfidf" } as FeatureInfo];
const guide = { state: "fresh" } as GuideInfo;
const tested = { annotated: { train: 200, valid: 0, test: 80 }, guide };

const WAY: readonly [string, Partial<ProjectState>, string | null][] = [
  ["without a scheme", {}, "scheme"],
  ["with nothing coded", { schemes: [aScheme(0)] }, "start"],
  ["with few coded", { schemes: [aScheme(12, { codebook: "" })] }, "annotate"],
  ["with no codebook", { schemes: [aScheme(25, { codebook: " " })] }, "codebook"],
  ["before a guide can learn", { schemes: [aScheme(25)] }, "annotate"],
  ["without a feature", { schemes: [aScheme(50)] }, "feature"],
  ["without a guide", { schemes: [aScheme(50)], features }, "guide"],
  ["with a guide", { schemes: [aScheme(60, { guide })], features }, "annotate"],
  ["with no test", { schemes: [aScheme(200, { guide })], features }, "test"],
  ["without a model", { schemes: [aScheme(200, tested)], features }, "model"],
  [
    "with a model",
    { schemes: [aScheme(200, tested)], features, models: [aModel("first")] },
    "stopping",
  ],
  [
    "with all coded",
    {
      schemes: [aScheme(1000, { annotated: { train: 1000, valid: 0, test: 80 } })],
      features,
      models: [aModel("first")],
    },
    "export",
  ],
];

it.each(WAY)("knows the way on %s", (_, state, kind) => {
  expect(nextStep(aState(state))?.kind ?? null).toBe(kind);
});

it("asks annotators for annotations alone", () => {
  const project = aProject({ role: "annotator" });
  expect(nextStep(aState({ project }))).toBeNull();
  expect(nextStep(aState({ project, schemes: [aScheme(300)] }))?.kind).toBe("annotate");
  expect(nextStep(aState({ project, schemes: [aScheme(1000)] }))).toBeNull();
});

it.each([
  ["readers", { role: "reader" as const }],
  ["an archived project", { archived_at: "2026-05-01T00:00:00Z" }],
])("has nothing for %s", (_, change) => {
  expect(nextStep(aState({ project: aProject(change), schemes: [aScheme(0)] }))).toBeNull();
});

it("takes the scheme in which most is coded, the first among equals", () => {
  const [a, b] = [aScheme(3, { name: "a" }), aScheme(9, { name: "b" })];
  expect(schemeAtWork([a, b])?.name).toBe("b");
  expect(schemeAtWork([aScheme(0, { name: "a" }), aScheme(0, { name: "b" })])?.name).toBe("a");
  expect(schemeAtWork([])).toBeNull();
});
