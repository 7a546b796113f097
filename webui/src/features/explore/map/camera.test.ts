import { describe, expect, it } from "vitest";
import { overview, panned, pointSize, seen, toMap, toScreen, zoomed } from "./camera";

const SIZE = { width: 400, height: 200 };

describe("a camera", () => {
  const all = overview([-1, -1, 1, 3], SIZE);

  it("shows all of a box, y upwards", () => {
    const [left, low, right, high] = seen(all, SIZE);
    expect(left).toBeLessThan(-1);
    expect(right).toBeGreaterThan(1);
    expect(low).toBeLessThan(-1);
    expect(high).toBeGreaterThan(3);
    expect(toScreen(all, SIZE, [0, 1])).toEqual([200, 100]);
    expect(toScreen(all, SIZE, [0, 3])[1]).toBeLessThan(100);
  });

  it("can look at a single place", () => {
    expect(overview([2, 2, 2, 2], SIZE)).toMatchObject({ x: 2, y: 2 });
    expect(overview([2, 2, 2, 2], SIZE).scale).toBeGreaterThan(0);
  });

  it("comes back from the screen to the map", () => {
    const [x, y] = toMap(all, SIZE, toScreen(all, SIZE, [0.3, 2]));
    expect(x).toBeCloseTo(0.3);
    expect(y).toBeCloseTo(2);
  });

  it("moves what is under the hand with it", () => {
    const before = toMap(all, SIZE, [50, 60]);
    const after = toMap(panned(all, 10, -20), SIZE, [60, 40]);
    expect(after[0]).toBeCloseTo(before[0]);
    expect(after[1]).toBeCloseTo(before[1]);
  });

  it("goes closer to what is pointed at, within bounds", () => {
    const before = toMap(all, SIZE, [50, 60]);
    const closer = zoomed(all, SIZE, 3, [50, 60], all);
    const after = toMap(closer, SIZE, [50, 60]);
    expect(closer.scale).toBeCloseTo(all.scale * 3);
    expect(after[0]).toBeCloseTo(before[0]);
    expect(zoomed(all, SIZE, 1e9, [0, 0], all).scale).toBe(all.scale * 2000);
    expect(zoomed(all, SIZE, 1e-9, [0, 0], all).scale).toBe(all.scale / 4);
  });

  it("draws fewer points larger", () => {
    expect(pointSize(100, SIZE, 1)).toBeGreaterThan(pointSize(1_000_000, SIZE, 1));
    expect(pointSize(1_000_000, SIZE, 9)).toBeGreaterThan(pointSize(1_000_000, SIZE, 1));
  });
});
