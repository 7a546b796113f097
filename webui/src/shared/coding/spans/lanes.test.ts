import { expect, it } from "vitest";
import { lanesOf, linesUnder } from "./lanes";

const span = (start: number, end: number, label = "person") => ({ start, end, label });

it("puts spans that overlap in lanes of their own, and others in the first", () => {
  const [outer, inner, later] = [span(0, 10), span(2, 5, "place"), span(12, 14)];
  const lanes = lanesOf([outer, inner, later]);
  expect([outer, inner, later].map((each) => lanes.get(each))).toEqual([0, 1, 0]);
});

it("uses a lane again once it is free", () => {
  const spans = [span(0, 4), span(2, 6), span(4, 8)];
  const lanes = lanesOf(spans);
  expect(spans.map((each) => lanes.get(each))).toEqual([0, 1, 0]);
});

it("draws a line for each lane and leaves an empty one free", () => {
  const spans = [span(0, 4), span(2, 6, "place")];
  const lanes = lanesOf(spans);
  const lines = linesUnder([spans[1] ?? span(0, 0)], lanes, () => "var(--label-2)");
  expect(lines).toBe(
    "0 3px 0 var(--ground), 0 4px 0 var(--ground), 0 7px 0 var(--label-2), 0 8px 0 var(--ground)",
  );
  expect(linesUnder([], lanes, () => "")).toBe("");
});
