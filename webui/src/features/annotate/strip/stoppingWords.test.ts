import { expect, it } from "vitest";
import type { RuleAdvice, Verdict } from "@/api/schema";
import { adviceWords, shownRule } from "./stoppingWords";

function aRule(name: string, verdict: Verdict, points: number): RuleAdvice {
  return {
    name,
    title: name,
    summary: "",
    verdict,
    sentence: "",
    evidence: [
      {
        name: "Kappa",
        unit: "",
        threshold: null,
        points: Array.from({ length: points }, (_, x) => ({ x, y: x, low: null, high: null })),
      },
    ],
    figures: {},
  };
}

it("says that one could stop as soon as a rule does, and how many do", () => {
  const early = aRule("early", "too-early", 0);
  const on = aRule("on", "go-on", 3);
  const stop = aRule("stop", "could-stop", 3);
  expect(adviceWords({ rules: [early, on, stop] })).toBe("stopping: 1 of 3 rules say you could");
  expect(adviceWords({ rules: [early, on] })).toBe("stopping: go on");
  expect(adviceWords({ rules: [early] })).toBe("stopping: too early to say");
  expect(adviceWords({ rules: [] })).toBeNull();
});

it("shows the curve that the words go by, where it has one", () => {
  const rules = [aRule("on", "go-on", 3), aRule("stop", "could-stop", 3)];
  expect(shownRule({ rules })?.rule.name).toBe("stop");
  expect(
    shownRule({ rules: [...rules.slice(0, 1), aRule("stop", "could-stop", 1)] }),
  ).toMatchObject({ rule: { name: "on" } });
  expect(shownRule({ rules: [aRule("early", "too-early", 1)] })).toBeNull();
});
