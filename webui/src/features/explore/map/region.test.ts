import { describe, expect, it } from "vitest";
import { boxed } from "@/shared/filter/region";
import type { Point } from "./camera";
import { cornersOf, lassoed } from "./region";

const circle = (n: number): Point[] =>
  Array.from({ length: n }, (_, at) => [
    Math.cos((2 * Math.PI * at) / n) * 7,
    Math.sin((2 * Math.PI * at) / n) * 7,
  ]);

describe("a region", () => {
  it("keeps the shape of what was drawn in few corners", () => {
    const drawn = lassoed("near", circle(900));
    const corners = cornersOf(drawn ?? { projection: "near" });
    expect(corners.length).toBeLessThanOrEqual(48);
    expect(corners.length).toBeGreaterThan(8);
    for (const [x, y] of corners) expect(Math.hypot(x, y)).toBeCloseTo(7, 2);
    expect(lassoed("near", circle(20))?.polygon).toHaveLength(20);
  });

  it("is none where nothing is enclosed", () => {
    expect(lassoed("near", [[0, 0]])).toBeNull();
    expect(lassoed("near", [])).toBeNull();
    expect(
      lassoed("near", [
        [0, 0],
        [1, 0],
        [2, 0],
      ]),
    ).toBeNull();
    expect(boxed("near", [0, 0, 0, 1])).toBeNull();
  });

  it("has the corners of its box", () => {
    const box = boxed("near", [0, 1, 2.000004, 3]);
    expect(box).toEqual({ projection: "near", box: [0, 1, 2, 3] });
    expect(box && cornersOf(box)).toEqual([
      [0, 1],
      [2, 1],
      [2, 3],
      [0, 3],
    ]);
  });
});
