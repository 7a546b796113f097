import { expect, it } from "vitest";
import { layoutOf, pathOf, shapeOf, xsOf } from "./lines";

const points = [
  { x: 0, y: 0, low: -1, high: 1 },
  { x: 10, y: 5, low: 4, high: 6 },
];
const line = (key: string, last: number) => ({
  key,
  name: key,
  color: "red",
  points: [
    { x: 0, y: 0 },
    { x: 10, y: last },
  ],
});

function layout(named: boolean, thresholds: { y: number; name: string }[] = []) {
  const series = [line("a", 9), line("b", 9.1), line("c", 9.2)];
  return layoutOf({ series, width: 700, height: 300, thresholds, showTick: String, named });
}

it("puts everything within the box, thresholds too", () => {
  const { x, y, left, right, top, bottom } = layout(false, [{ y: 20, name: "goal" }]);
  expect([x(0), x(10)]).toEqual([left, right]);
  for (const value of [0, 9.2, 20]) {
    expect(y(value)).toBeGreaterThanOrEqual(top);
    expect(y(value)).toBeLessThanOrEqual(bottom);
  }
});

it("keeps names at the ends of lines apart, in the lines' order", () => {
  const { names, right } = layout(true);
  const [a = 0, b = 0, c = 0] = names.map(({ y }) => y);
  expect(a - b).toBeGreaterThanOrEqual(16);
  expect(b - c).toBeGreaterThanOrEqual(16);
  expect(right).toBeLessThan(layout(false).right);
});

it("draws lines and bands", () => {
  const scales = { x: (value: number) => value, y: (value: number) => -value };
  expect(pathOf(points, scales)).toBe("M0 0L10 -5");
  expect(shapeOf(points, scales)).toBe("M0 -1L10 -6L10 -4L0 1Z");
  expect(shapeOf([{ x: 0, y: 0 }, ...points.slice(0, 1)], scales)).toBe("");
});

it("knows every x of all lines", () => {
  const series = [line("a", 1), { ...line("b", 1), points: [{ x: 5, y: 1 }] }];
  expect(xsOf(series)).toEqual([0, 5, 10]);
});
