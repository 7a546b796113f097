import { describe, expect, it } from "vitest";
import type { ComponentInfo } from "@/api/schema";
import { aJob } from "./testing";
import {
  advance,
  ending,
  jobTitle,
  liveMetrics,
  losesWork,
  secondsRun,
  subjectTitle,
  traySummary,
} from "./words";

const NOW = Date.parse("2026-11-24T12:01:01Z");

const components = [
  { kind: "feature", name: "tfidf-svd", title: "tf-idf condensed (LSA)" },
  { kind: "model", name: "logistic", title: "Logistic regression" },
  { kind: "job", name: "topics", title: "Find topics" },
] as ComponentInfo[];

it.each([
  [{}, "Compute the feature lsa50"],
  [{ kind: "train", params: { name: "m1" } }, "Train the model m1"],
  [{ kind: "predict", params: { model_id: "x" }, subject: "logistic" }, "Predict with m1"],
  [
    { kind: "predict", params: { model_id: "gone" }, subject: "logistic" },
    "Predict with Logistic regression",
  ],
  [{ kind: "import", params: { filename: "تعليقات.csv" } }, "Import تعليقات.csv"],
  [{ kind: "topics", params: {} }, "Find topics"],
  [{ kind: "not-installed", params: {} }, "Not installed"],
])("names a job in words: %j", (change, title) => {
  expect(jobTitle(aJob(change), { components, artefacts: new Map([["x", "m1"]]) })).toBe(title);
});

it("names what runs, with its model", () => {
  expect(subjectTitle(aJob(), { components })).toBe("tf-idf condensed (LSA)");
  const subject = "sentence-embeddings: org/name";
  expect(subjectTitle(aJob({ subject }), { components })).toBe("Sentence embeddings: org/name");
  expect(subjectTitle(aJob({ subject: "" }))).toBe("");
});

it("shows the metrics that matter while it runs", () => {
  const metrics = { cpu_seconds: 3, texts_per_second: 240.4, loss: 0.3123, remote_input_tokens: 9 };
  expect(liveMetrics(metrics)).toEqual(["240 texts/s", "loss 0.31"]);
});

it("says how far it is and what is left", () => {
  expect(advance({ progress: 0.4, eta: "2026-11-24T12:04:01Z" }, NOW)).toBe(
    "40 %, about 3 minutes left",
  );
  expect(advance({ progress: null, eta: null }, NOW)).toBe("");
});

describe("a job", () => {
  it("has run since it started, until it ended", () => {
    expect(secondsRun(aJob(), NOW)).toBe(60);
    expect(secondsRun(aJob({ finished_at: "2026-11-24T12:00:11Z" }), NOW)).toBe(10);
    expect(secondsRun(aJob({ seconds: 2.5 }), NOW)).toBe(2.5);
    expect(secondsRun(aJob({ state: "queued", started_at: null }), NOW)).toBeNull();
  });

  it("loses work once it has run for a while", () => {
    expect(losesWork(aJob(), NOW)).toBe(true);
    expect(losesWork(aJob({ started_at: "2026-11-24T12:00:55Z" }), NOW)).toBe(false);
    expect(losesWork(aJob({ state: "queued", started_at: null }), NOW)).toBe(false);
  });

  it.each([
    [{ state: "done", seconds: 0.08 }, "done in under a second"],
    [{ state: "done", seconds: 125 }, "done in 2 min 5 s"],
    [{ state: "failed", seconds: 15 }, "failed after 15 s"],
    [{ state: "cancelled", seconds: 15 }, "stopped after 15 s"],
    [{ state: "cancelled", started_at: null }, "stopped before it began"],
  ] as const)("that ended as %j is %s", (change, words) => {
    expect(ending(aJob(change))).toBe(words);
  });
});

it("sums a tray up", () => {
  expect(traySummary(0, 0)).toBe("none under way");
  expect(traySummary(1, 2)).toBe("1 under way, 2 waiting");
});
