import { describe, expect, it } from "vitest";
import type { EnergyReport, EnergySum } from "@/api/schema";
import { aJob } from "@/shared/jobs/testing";
import { budgetSentence } from "./Budget";
import { columnsOf } from "./days";
import { used } from "./Energy";
import { folded } from "./folded";

function aSum(key: string, wh: number, measured_wh = 0): EnergySum {
  const parts = { cpu_wh: wh, gpu_wh: 0, ram_wh: 0, remote_wh: 0 };
  return { key, jobs: 2, seconds: 10, ...parts, wh, g_co2e: wh / 10, measured_wh };
}

function aReport(by: EnergyReport["by"], ...sums: EnergySum[]): EnergyReport {
  const total_wh = sums.reduce((sum, { wh }) => sum + wh, 0);
  return { by, sums, total_wh, total_g_co2e: total_wh / 10, standing: null };
}

describe("what was used", () => {
  it("is said in a sentence, with what took most of it", () => {
    expect(used(aReport("kind", aSum("feature", 0.8), aSum("train", 0.2)))).toBe(
      "4 jobs used 1 Wh, 0.1 g CO₂e, estimated. Most of it: Features, 80 %.",
    );
  });

  it("is called measured only where all of it was", () => {
    expect(used(aReport("kind", aSum("feature", 1, 1)))).toMatch(/, measured\.$/);
    expect(used(aReport("day", aSum("2026-11-24", 1, 0.5), aSum("2026-11-25", 1)))).toBe(
      "4 jobs used 2 Wh, 0.2 g CO₂e, 25 % of it measured, the rest estimated.",
    );
  });

  it("may be nothing", () => {
    expect(used(aReport("kind"))).toBe("No job has used any energy in this time.");
  });
});

describe("days", () => {
  const today = Date.parse("2026-11-24T15:00:00Z");

  it("without a job are there, too", () => {
    const columns = columnsOf([aSum("2026-11-21", 1), aSum("2026-11-23", 2)], today);
    expect(columns.map(({ name, value }) => [name, value])).toEqual([
      ["Nov 21", 1],
      ["Nov 22", 0],
      ["Nov 23", 2],
      ["Nov 24", 0],
    ]);
  });

  it("of a long time are added up by month", () => {
    const columns = columnsOf([aSum("2026-07-31", 1), aSum("2026-11-23", 2)], today);
    expect(columns.map(({ key, value }) => [key, value])).toEqual([
      ["2026-07", 1],
      ["2026-08", 0],
      ["2026-09", 0],
      ["2026-10", 0],
      ["2026-11", 2],
    ]);
  });
});

it.each([
  [{ spent_wh: 3 }, /has no budget/],
  [
    { spent_wh: 1, budget_wh: 10 },
    /^1 Wh of 10 Wh are used, 10 %\. Jobs beyond it run with a warning\.$/,
  ],
  [{ spent_wh: 9, budget_wh: 10 }, /nearly spent/],
  [{ spent_wh: 11, budget_wh: 10 }, /110 %\. The budget is spent; jobs still run/],
  [{ spent_wh: 1, budget_wh: 10, refuse: true }, /would go beyond it are refused/],
  [{ spent_wh: 11, budget_wh: 10, refuse: true }, /new jobs are refused/],
])("says how %j stands with its budget", (standing, sentence) => {
  expect(budgetSentence(standing)).toMatch(sentence);
});

it("folds what a guide did by itself, but not what went wrong", () => {
  const guide = (id: string, state: "done" | "failed" = "done") =>
    aJob({ id, kind: "guide", queue: "live", state });
  const entries = folded([
    guide("g1"),
    guide("g2"),
    aJob({ id: "a" }),
    guide("g3"),
    guide("bad", "failed"),
    guide("g4"),
  ]);
  expect(
    entries.map((entry) => ("guides" in entry ? entry.guides.map(({ id }) => id) : entry.id)),
  ).toEqual([["g1", "g2"], "a", ["g3"], "bad", ["g4"]]);
});
