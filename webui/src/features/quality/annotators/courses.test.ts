import { expect, it } from "vitest";
import type { SchemeInfo } from "@/api/schema";
import { aPeriod, aShare } from "../testing";
import { courses } from "./courses";

const SCHEME = {
  labels: ["a", "b", "c", "d", "e"].map((name, id) => ({ id, name, color: null, description: "" })),
} as unknown as SchemeInfo;

it("draws only what there are two points of", () => {
  const periods = [
    aPeriod({ seconds_median: 6, gold: aShare(3, 4) }),
    aPeriod({ seconds_median: 5 }),
    aPeriod({ annotated: 0 }),
  ];
  const found = courses(periods, SCHEME);
  expect(found.map(({ key }) => key)).toEqual(["seconds"]);
  expect(found[0]?.series[0]?.points).toEqual([
    { x: 1, y: 6 },
    { x: 2, y: 5 },
  ]);
});

it("draws the labels that are used most, and leaves out stretches without work", () => {
  const labels = { a: 0.1, b: 0.5, c: 0.2, d: 0.15, e: 0.05 };
  const periods = [aPeriod({ labels }), aPeriod({ annotated: 0 }), aPeriod({ labels: { b: 1 } })];
  const [used] = courses(periods, SCHEME);
  expect(used?.series.map(({ name }) => name)).toEqual(["b", "c", "d", "a"]);
  expect(used?.series[1]?.points).toEqual([
    { x: 1, y: 0.2 },
    { x: 3, y: 0 },
  ]);
  expect(courses([], SCHEME)).toEqual([]);
});
