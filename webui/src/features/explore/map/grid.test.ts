import { describe, expect, it } from "vitest";
import { boxOf, gridOf, nearest } from "./grid";

function spread(n: number): Float32Array {
  // A fixed spread of points that no pattern of cells agrees with.
  return Float32Array.from({ length: 2 * n }, (_, at) => ((at * 0.754877666) % 1) * 10 - 3);
}

describe("a grid of points", () => {
  it("finds the nearest as a search of all does", () => {
    const places = spread(500);
    const grid = gridOf(places);
    for (let at = 0; at < 40; at += 1) {
      const x = ((at * 0.618) % 1) * 10 - 3;
      const y = ((at * 0.382) % 1) * 10 - 3;
      const distances = Array.from({ length: 500 }, (_, index) =>
        Math.hypot((places[index * 2] ?? 0) - x, (places[index * 2 + 1] ?? 0) - y),
      );
      const least = Math.min(...distances);
      const found = nearest(grid, places, [x, y], 1);
      expect(found === null ? null : distances[found]).toBe(least <= 1 ? least : null);
    }
  });

  it("passes over what does not count", () => {
    const places = Float32Array.of(0, 0, 1, 0);
    const grid = gridOf(places);
    expect(nearest(grid, places, [0.1, 0], 5)).toBe(0);
    expect(nearest(grid, places, [0.1, 0], 5, (index) => index === 1)).toBe(1);
    expect(nearest(grid, places, [0.1, 0], 5, () => false)).toBeNull();
  });

  it("may have no points, or all in one place", () => {
    expect(nearest(gridOf(new Float32Array()), new Float32Array(), [0, 0], 1)).toBeNull();
    const same = Float32Array.of(2, 2, 2, 2);
    expect(nearest(gridOf(same), same, [2, 2], 0.1)).not.toBeNull();
    expect(boxOf(same)).toEqual([2, 2, 2, 2]);
    expect(boxOf(new Float32Array())).toEqual([0, 0, 1, 1]);
  });
});
