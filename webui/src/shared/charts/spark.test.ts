import { expect, it } from "vitest";
import { sparkPath } from "./spark";

const BOX = { width: 63, height: 23 };

it("draws a line from edge to edge", () => {
  const points = [
    { x: 20, y: 0.2 },
    { x: 50, y: 0.4 },
    { x: 80, y: 0.3 },
  ];
  expect(sparkPath(points, BOX)).toBe("M1.5 21.5L31.5 1.5L61.5 11.5");
});

it("draws what does not change through the middle, and no line through a point", () => {
  const level = [10, 20].map((x) => ({ x, y: 1 }));
  expect(sparkPath(level, BOX)).toBe("M1.5 11.5L61.5 11.5");
  expect(sparkPath(level.slice(1), BOX)).toBeNull();
  expect(sparkPath([], BOX)).toBeNull();
});
