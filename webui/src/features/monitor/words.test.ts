import { describe, expect, it } from "vitest";
import type { MonitorReport } from "@/api/schema";
import { energySentence, healthSentence, jobTable, workerState } from "./words";

const NOW = Date.parse("2026-11-24T12:00:00Z");
type Worker = MonitorReport["workers"][number];

function aWorker(change: Partial<Worker>): Worker {
  return {
    name: "host-1",
    host: "host",
    pid: 1,
    queue: "cpu",
    card: null,
    state: "alive",
    supervised: true,
    restarts: 0,
    memory_mb: 100,
    job: null,
    started_at: null,
    heartbeat_at: null,
    died_at: null,
    restarts_at: null,
    ...change,
  };
}

it.each([
  ["ok", 1, "All is well. 1 person at work."],
  ["ok", 0, "All is well. Nobody is at work."],
  ["degraded", 30, "Annotators can work, but not all is well. 30 people at work."],
  ["down", 30, "Annotators cannot work."],
] as const)("says of a service that is %s, with %i at work: %s", (status, count, sentence) => {
  const report = {
    health: { status, version: "1", workers: 1, problems: [] },
    users: { last_5_minutes: count, last_60_minutes: count, users: [] },
  } as Partial<MonitorReport> as MonitorReport;
  expect(healthSentence(report)).toBe(sentence);
});

describe("a worker", () => {
  it.each([
    [{}, "waits for work"],
    [{ state: "starting" }, "starts"],
    [{ state: "restarting", restarts_at: "2026-11-24T12:00:08Z" }, "died, comes back in 8 s"],
    [{ state: "restarting", restarts_at: "2026-11-24T11:59:59Z" }, "died, comes back"],
    [{ state: "silent", heartbeat_at: "2026-11-24T11:57:00Z" }, "silent for 3 min"],
  ] as const)("that is %j %s", (change, words) => {
    expect(workerState(aWorker(change), NOW)).toBe(words);
  });
});

it("says what jobs took, and how much of that was measured", () => {
  const total = { jobs: 3, wh: 2, g_co2e: 0.1, measured_share: 0.25 };
  expect(energySentence(total)).toBe("2 Wh, 0.1 g CO₂e, 25 % measured, the rest estimated; 3 jobs");
  expect(energySentence({ ...total, measured_share: 1 })).toMatch(/, measured;/);
  expect(energySentence({ ...total, measured_share: null })).toMatch(/, estimated;/);
  expect(energySentence({ ...total, jobs: 0 })).toBe("nothing");
});

it("counts jobs by kind and state", () => {
  const table = jobTable([
    { kind: "train", state: "failed", jobs: 2 },
    { kind: "feature", state: "queued", jobs: 1 },
    { kind: "train", state: "done", jobs: 5 },
  ]);
  expect(table).toEqual([
    { kind: "feature", counts: [1, 0, 0, 0, 0] },
    { kind: "train", counts: [0, 0, 5, 2, 0] },
  ]);
});
