import { expect, it } from "vitest";
import type { Verdict } from "@/api/schema";
import { aRule } from "../testing";
import { drawable, measured, summary, withInterval } from "./words";

it("sums up what the rules say", () => {
  const says = (...verdicts: Verdict[]) =>
    summary({ n_train: 1112, rules: verdicts.map((verdict) => aRule({ verdict })) });
  expect(says("could-stop", "go-on", "too-early")).toBe(
    "After 1,112 labels, 1 of 3 rules says that you could stop, 1 says go on and for 1 it is too early.",
  );
  expect(says("could-stop", "could-stop")).toBe(
    "After 1,112 labels, 2 of 2 rules say that you could stop.",
  );
  expect(says("too-early", "too-early")).toMatch(/too early for every rule/);
  expect(says()).toBe("No rule can judge this scheme.");
});

it("writes figures with their intervals", () => {
  expect(measured(0.98765)).toBe("0.988");
  expect(measured(-0.0021)).toBe("−0.0021");
  expect(measured(1240, "texts")).toBe("1,240 texts");
  expect(withInterval({ value: 0.75, low: 0.7, high: 0.79 })).toBe("0.75 (0.7 to 0.79)");
  expect(withInterval({ value: 0.75, low: null, high: null })).toBe("0.75");
});

it("draws no line through a single point", () => {
  const [evidence] = aRule().evidence;
  if (evidence === undefined) throw new Error("the rule has no evidence");
  const single = { ...evidence, points: evidence.points.slice(0, 1) };
  expect(drawable({ evidence: [single, evidence] })).toEqual([evidence]);
});
