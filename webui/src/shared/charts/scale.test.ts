import { describe, expect, it } from "vitest";
import { linear, nearest, roundDomain, spread, ticks } from "./scale";

describe("a scale", () => {
  it("maps ends to ends, and a domain of one value to the middle", () => {
    const scale = linear([0.2, 0.8], [100, 0]);
    expect([0.2, 0.5, 0.8].map((value) => Math.round(scale(value)))).toEqual([100, 50, 0]);
    expect(linear([3, 3], [0, 10])(3)).toBe(5);
  });

  it("has round ticks within its ends", () => {
    expect(ticks(0.31, 0.79, 5)).toEqual([0.4, 0.5, 0.6, 0.7]);
    expect(ticks(25, 525, 5)).toEqual([100, 200, 300, 400, 500]);
    expect(ticks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(ticks(4, 4, 5)).toEqual([4]);
  });

  it("is widened to round ends", () => {
    expect(roundDomain(0.31, 0.79, 5)).toEqual([0.3, 0.8]);
    expect(roundDomain(-0.012, 0.034, 4)).toEqual([-0.02, 0.04]);
    const [low, high] = roundDomain(7, 7, 4);
    expect(low).toBeLessThan(7);
    expect(high).toBeGreaterThan(7);
  });
});

describe("positions that are spread", () => {
  const gaps = (positions: readonly number[]) => {
    const sorted = positions.toSorted((a, b) => a - b);
    return sorted.slice(1).map((each, index) => each - (sorted[index] ?? 0));
  };

  it("stay where there is room", () => {
    expect(spread([10, 60, 30], 15, 0, 100)).toEqual([10, 60, 30]);
  });

  it("keep their order and distance where there is little", () => {
    const moved = spread([50, 51, 52, 99], 12, 0, 100);
    expect(Math.min(...gaps(moved))).toBeGreaterThanOrEqual(12 - 1e-9);
    expect(moved[0]).toBeLessThan(moved[1] ?? 0);
    expect(Math.max(...moved)).toBeLessThanOrEqual(100);
    expect(Math.min(...moved)).toBeGreaterThanOrEqual(0);
  });

  it("lie evenly where there is not enough", () => {
    expect(spread([5, 5, 5], 40, 0, 20)).toEqual([0, 10, 20]);
  });
});

it("finds the nearest value", () => {
  expect(nearest([25, 50, 75], 60)).toBe(1);
  expect(nearest([], 60)).toBe(-1);
});
