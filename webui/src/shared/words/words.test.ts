import { describe, expect, it } from "vitest";
import type { Expectation } from "@/api/schema";
import { anEnergy } from "@/shared/jobs/testing";
import { carbon, cost, expectation, isMeasured, sumKind, wattHours } from "./energy";
import { apart, listed, small } from "./list";
import { decimals, figures, percent, points, roughly, score, separators } from "./number";
import { megabytes } from "./size";
import { ago, elapsed, roughTime, timeLeft } from "./time";
import { loadLanguage } from "./translate";

describe("time", () => {
  it.each([
    [0.4, "0 s"],
    [59.9, "59 s"],
    [60, "1 min"],
    [125, "2 min 5 s"],
    [3_600, "1 h"],
    [5_430, "1 h 30 min"],
    [200_000, "2 days 7 h"],
  ])("%d s have gone by: %s", (seconds, words) => {
    expect(elapsed(seconds)).toBe(words);
  });

  it.each([
    [0.2, "under a second"],
    [80, "80 s"],
    [130, "2 min"],
    [5_500, "1.5 h"],
    [300_000, "3.5 days"],
  ])("%d s are roughly %s", (seconds, words) => {
    expect(roughTime(seconds)).toBe(words);
  });

  it.each([
    [-60, "longer than expected"],
    [2, "a moment left"],
    [15, "a few seconds left"],
    [45, "under a minute left"],
    [80, "about a minute left"],
    [175, "about 3 minutes left"],
    [1_300, "about 20 minutes left"],
    [3_500, "about an hour left"],
    [9_100, "about 2.5 hours left"],
    [260_000, "about 3 days left"],
  ])("with %d s to go it says %s", (seconds, words) => {
    expect(timeLeft(seconds)).toBe(words);
  });

  it.each([
    [10, "just now"],
    [300, "5 min ago"],
    [4_000, "an hour ago"],
    [10_000, "3 hours ago"],
    [100_000, "a day ago"],
    [900_000, "Nov 14, 2026"],
  ])("%d s ago is %s", (seconds, words) => {
    const now = Date.parse("2026-11-24T12:00:00Z");
    expect(ago(new Date(now - seconds * 1000).toISOString(), now)).toBe(words);
  });
});

describe("numbers", () => {
  it.each([
    [0, "0"],
    [0.001834, "0.0018"],
    [0.42, "0.42"],
    [1.26, "1.3"],
    [12.6, "13"],
    [1234.5, "1,235"],
  ])("%d is roughly %s", (value, words) => {
    expect(roughly(value)).toBe(words);
  });

  it("have so many decimals, or so many figures that count", () => {
    expect([decimals(0.9, 2), decimals(1234, 1), figures(0.98765, 3)]).toEqual([
      "0.90",
      "1,234.0",
      "0.988",
    ]);
  });

  it("are typed with the signs of the language", async () => {
    expect(separators()).toEqual({ thousandSeparator: ",", decimalSeparator: "." });
    await loadLanguage("fr");
    expect(separators()).toEqual({ thousandSeparator: "\u202f", decimalSeparator: "," });
    await loadLanguage("en");
  });

  it("are none or all of something only where that is exact", () => {
    expect([0, 0.001, 0.4, 0.9999, 1].map(percent)).toEqual([
      "0 %",
      "under 1 %",
      "40 %",
      "over 99 %",
      "100 %",
    ]);
  });

  it("are scores to one decimal, and differences with their sign", () => {
    expect([0.6134, 1].map(score)).toEqual(["61.3 %", "100.0 %"]);
    expect([0.0213, -0.004, 0.0001, 0].map(points)).toEqual(["+2.1", "\u22120.4", "0.0", "0.0"]);
  });

  it("are sizes of memory", () => {
    expect([0.2, 300, 2_500, 1_200_000].map(megabytes)).toEqual([
      "under 1 MB",
      "300 MB",
      "2.5 GB",
      "1.2 TB",
    ]);
  });
});

it("sets parts with commas of their own apart", async () => {
  expect([[], ["a"], ["a, b", "c"]].map(apart)).toEqual(["", "a", "a, b; c"]);
  await loadLanguage("fr");
  expect(apart(["a", "b", "c"])).toBe("a\u202f; b\u202f; c");
  await loadLanguage("en");
});

describe("energy", () => {
  it.each([
    [0.0001, "under 0.001 Wh"],
    [0.42, "0.42 Wh"],
    [120.4, "120 Wh"],
    [1_240, "1.2 kWh"],
    [3_000_000, "3 MWh"],
  ])("%d is %s", (wh, words) => {
    expect(wattHours(wh)).toBe(words);
  });

  it("comes with its emissions", () => {
    expect([0.0002, 0.02, 1_500].map(carbon)).toEqual([
      "under 0.001 g CO₂e",
      "0.02 g CO₂e",
      "1.5 kg CO₂e",
    ]);
  });

  it("is an estimate unless all of its parts were measured", () => {
    expect(isMeasured(anEnergy())).toBe(false);
    expect(isMeasured(anEnergy({ measured: ["cpu"] }))).toBe(false);
    expect(isMeasured(anEnergy({ measured: ["cpu", "ram"] }))).toBe(true);
    // The graphics card took nothing: nothing of it was to be measured.
    expect(isMeasured(anEnergy({ measured: ["cpu", "ram", "gpu"] }))).toBe(true);
    expect(isMeasured(anEnergy({ gpu_wh: 1, measured: ["cpu", "ram"] }))).toBe(false);
    expect(isMeasured(anEnergy({ cpu_wh: 0, ram_wh: 0 }))).toBe(false);
  });

  it("of what was spent elsewhere is never measured, whatever is claimed", () => {
    const energy = anEnergy({ remote_wh: 1, measured: ["cpu", "ram", "remote"] });
    expect(isMeasured(energy)).toBe(false);
  });

  it("is told as what a job has cost", () => {
    const energy = anEnergy();
    const spent = { wh: 0.42, g_co2e: 0.02 };
    expect(cost({ ...spent, energy })).toBe("0.42 Wh, 0.02 g CO₂e, estimated");
    const measured = { ...energy, measured: ["cpu", "ram"] };
    expect(cost({ ...spent, energy: measured })).toBe("0.42 Wh, 0.02 g CO₂e, measured");
    expect(cost({ ...spent, energy: null })).toBe("0.42 Wh, 0.02 g CO₂e, estimated");
    expect(cost({ wh: null, g_co2e: null, energy: null })).toBeNull();
  });

  it("that was added up says how much of it was measured", () => {
    const kinds = [0, 0.001, 0.4, 1].map((measured_wh) => sumKind({ wh: 1, measured_wh }));
    expect(kinds).toEqual([
      "estimated",
      "estimated",
      "40 % of it measured, the rest estimated",
      "measured",
    ]);
  });

  it("is expected from like jobs, or nothing is said of it", () => {
    const expected: Expectation = {
      based_on: 5,
      scaled: false,
      seconds: 125,
      wh: 0.4,
      wh_low: 0.3,
      wh_high: 0.61,
      g_co2e: 0.02,
    };
    expect(expectation(expected)).toBe(
      "Likely 2 min and 0.4 Wh (0.3 Wh to 0.61 Wh), from 5 like jobs.",
    );
    expect(expectation({ ...expected, based_on: 1, scaled: true })).toBe(
      "Likely 2 min and 0.4 Wh, from 1 like job, scaled to the number of texts.",
    );
    expect(expectation(null)).toMatch(/^No like job/);
  });
});

it("lists things in a sentence", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map((items) => listed(items))).toEqual([
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
});

it("begins titles small, but not what is always large", () => {
  expect(["At random", "LLM against guide", "Diverse gradients (BADGE)"].map(small)).toEqual([
    "at random",
    "LLM against guide",
    "diverse gradients (BADGE)",
  ]);
});
