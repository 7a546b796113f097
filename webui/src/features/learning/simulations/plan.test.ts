import { describe, expect, it } from "vitest";
import type { SchemeInfo } from "@/api/schema";
import { aStrategy, someStrategies } from "@/shared/artefacts/testing";
import { aGuide } from "../testing";
import { canBeSimulated, firstPlan, firstStrategies, reach } from "./plan";

const ALL = { guide: true, embeddings: true, committee: true, llm: false };

function aScheme(change: object = {}): SchemeInfo {
  return { type: "multiclass", labels: [{ name: "a" }], guide: null, ...change } as SchemeInfo;
}

describe("a plan", () => {
  it("asks for 25 and 20 times 25 where there is enough", () => {
    expect(firstPlan(5_000)).toMatchObject({ start: 25, batch: 25, rounds: 20, seeds: 5 });
    expect(reach(firstPlan(5_000))).toBe(525);
  });

  it.each([0, 10, 60, 100, 240, 360, 700])("leaves texts of %d to test on", (labels) => {
    const plan = firstPlan(labels);
    expect(plan.batch).toBeGreaterThanOrEqual(5);
    expect(plan.rounds).toBeGreaterThanOrEqual(1);
    if (labels >= 60) expect(reach(plan)).toBeLessThanOrEqual(labels * 0.7);
  });
});

describe("the strategies to begin with", () => {
  const names = (scheme: SchemeInfo, given = ALL) =>
    firstStrategies(scheme, someStrategies, given).map(({ name }) => name);

  it("are the guide's and what is good for most", () => {
    expect(names(aScheme())).toEqual(["breaking-ties", "typiclust"]);
    expect(names(aScheme({ guide: aGuide({ strategy: "badge" }) }))).toEqual([
      "badge",
      "breaking-ties",
      "typiclust",
    ]);
    expect(names(aScheme({ guide: aGuide() }))).toEqual(["breaking-ties", "typiclust"]);
  });

  it("can work with what is there", () => {
    expect(names(aScheme(), { ...ALL, embeddings: false })).toEqual(["breaking-ties"]);
  });
});

it("replays no strategy that somebody outside must answer for", () => {
  const similar = { ...aStrategy("similar"), capabilities: { needs: [], uses: ["query"] } };
  expect(
    [...someStrategies, similar].filter((each) => !canBeSimulated(each)).map(({ name }) => name),
  ).toEqual(["random", "llm-disagreement", "similar"]);
});
