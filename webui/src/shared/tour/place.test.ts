import { expect, it } from "vitest";
import { placeOf } from "./place";

const note = { width: 300, height: 160 };
const view = { width: 1000, height: 700 };
const box = (left: number, top: number) => ({ left, top, width: 80, height: 30 });

it("stands below what it points at, in its middle", () => {
  expect(placeOf(box(400, 100), note, view)).toEqual({ left: 290, top: 142 });
});

it("stands above where there is no room below", () => {
  expect(placeOf(box(400, 600), note, view)).toEqual({ left: 290, top: 428 });
});

it.each([
  ["the left edge", box(0, 100)],
  ["the right edge", box(980, 100)],
  ["beyond the window", box(3000, -500)],
])("stays in the window at %s", (_, at) => {
  const { left, top } = placeOf(at, note, view);
  expect(left).toBeGreaterThanOrEqual(0);
  expect(left + note.width).toBeLessThanOrEqual(view.width);
  expect(top).toBeGreaterThanOrEqual(0);
  expect(top + note.height).toBeLessThanOrEqual(view.height);
});

it("lies at the bottom of a window that is too low for both", () => {
  const low = { width: 390, height: 250 };
  expect(placeOf(box(100, 120), note, low).top).toBe(250 - 160 - 12);
});
