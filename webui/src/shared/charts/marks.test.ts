import { describe, expect, test } from "vitest";
import { layMarks, type MarkRow, wrapped } from "./marks";

const ROWS: readonly MarkRow[] = [
  {
    key: "a",
    name: "Energy",
    color: "red",
    marks: [
      { sign: "disc", value: 0.3, low: 0.2, high: 0.4 },
      { sign: "square", value: 0.5 },
    ],
  },
  { key: "b", name: "Health", color: "red", marks: [{ sign: "disc", value: 0.1 }] },
];

function lay(width: number, reference: number | null = null) {
  return layMarks({ rows: ROWS, width, reference, domain: null, legend: 1 });
}

describe("figures under each other", () => {
  test("stand beside their names, and below them where it is narrow", () => {
    const wide = lay(900);
    expect(wide.narrow).toBe(false);
    expect(wide.rows[0]?.lines[0]?.y).toBeLessThan(wide.rows[0]?.marks[1]?.y ?? 0);
    const narrow = lay(320);
    expect(narrow.left).toBeLessThan(20);
    expect(narrow.rows[0]?.lines[0]?.y).toBeLessThan(narrow.rows[0]?.marks[0]?.y ?? 0);
    expect(narrow.height).toBeGreaterThan(wide.height);
  });

  test("have room for what they are compared with", () => {
    expect(lay(900).x(0.1)).toBeGreaterThanOrEqual(lay(900).left);
    expect(lay(900, -1).ticks).toContain(-1);
    expect(
      layMarks({ rows: [], width: 300, reference: null, domain: null, legend: 0 }).ticks,
    ).toEqual([0, 0.5, 1]);
  });
});

test("names are broken between words, and cut where there is no room", () => {
  expect(wrapped("a long name of a label", 8, 3)).toEqual(["a long", "name of", "a label"]);
  expect(wrapped("one two three four", 5, 2)).toEqual(["one", "two…"]);
  expect(wrapped("🌍🌍🌍🌍🌍🌍", 4, 2)).toEqual(["🌍🌍🌍…"]);
});
