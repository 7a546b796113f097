import { describe, expect, it } from "vitest";
import type { LabelInfo } from "@/api/schema";
import {
  colouredBy,
  columnOf,
  legendOf,
  paletteOf,
  readColourBy,
  scalePalette,
  writeColourBy,
} from "./colouring";
import type { Colours } from "./messages";

const LABELS = [
  { name: "pro", color: null },
  { name: "con", color: "#123456" },
  { name: "rare", color: null },
] as LabelInfo[];

function colours(names: string[], counts: number[]): Colours {
  return {
    scale: "names",
    codes: new Uint16Array(),
    names,
    counts,
    least: 0,
    greatest: 0,
    sure: null,
  };
}

describe("what points are coloured by", () => {
  it("is read from an address, and written to it", () => {
    for (const written of ["label", "split", "context:a: b", "prediction:first"]) {
      const read = readColourBy(written);
      expect(read && writeColourBy(read)).toBe(written);
    }
    for (const wrong of [undefined, "", "colour", "label:x", "topic", "topic:"]) {
      expect(readColourBy(wrong)).toBeNull();
    }
  });

  it("is asked of the server by the scheme or by its own name", () => {
    expect(columnOf({ kind: "time", of: "" }, "stance")).toEqual({ bare: true, time: "stance" });
    expect(columnOf({ kind: "topic", of: "themes" }, "stance")).toEqual({
      bare: true,
      topic: "themes",
    });
    expect(columnOf({ kind: "split", of: "" }, "stance")).toEqual({ bare: true, split: true });
  });
});

describe("a legend", () => {
  it("has labels in their order and colours, then combinations, then what is not coded", () => {
    const found = legendOf(colours(["con", "pro", "pro + con"], [5, 2, 1, 3]), "label", LABELS);
    expect(found.map(({ name }) => name)).toEqual(["pro", "con", "pro + con", null]);
    expect(found.map(({ count }) => count)).toEqual([1, 2, 3, 5]);
    expect(found[0]?.color).toBe("var(--label-1)");
    expect(found[1]?.color).toBe("#123456");
    expect(found[2]?.color).toBe("var(--label-4)");
    expect(found[3]?.code).toBe(0);
  });

  it("has values by how many there are, the other ones last", () => {
    const found = legendOf(colours(["b", "other", "a"], [0, 1, 9, 4]), "context", LABELS);
    expect(found.map(({ name }) => name)).toEqual(["a", "b", "other"]);
    expect(found.at(-1)?.color).toBe("var(--line-strong)");
  });

  it("has colours of its own for more names than the palette has", () => {
    const names = Array.from({ length: 20 }, (_, at) => `t${at}`);
    const found = legendOf(colours(names, names.map(() => 1).concat(1)), "topic", []);
    expect(new Set(found.map(({ color }) => color)).size).toBe(21);
  });
});

describe("a palette", () => {
  it("has each code's colour, and none of what is hidden", () => {
    const entries = legendOf(colours(["pro", "con"], [1, 1, 1]), "label", LABELS);
    const tones = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ] as const;
    const palette = paletteOf(entries, tones, new Set([2]));
    expect([...palette]).toEqual([7, 8, 9, 130, 1, 2, 3, 225, 4, 5, 6, 0]);
  });

  it("goes from the first colour of a scale to the last", () => {
    const stops = [
      [0, 0, 0],
      [100, 0, 0],
      [200, 50, 0],
    ] as const;
    const palette = scalePalette(stops, [9, 9, 9], true);
    expect(palette).toHaveLength(65 * 4);
    expect([...palette.slice(0, 8)]).toEqual([9, 9, 9, 0, 0, 0, 0, 225]);
    expect([...palette.slice(-4)]).toEqual([200, 50, 0, 225]);
  });
});

it("colours by similarity where texts are looked for, until something else is chosen", () => {
  expect(colouredBy(undefined, true)).toEqual({ kind: "similarity", of: "" });
  expect(colouredBy("split", true)).toEqual({ kind: "split", of: "" });
  expect(colouredBy("similarity", false)).toEqual({ kind: "label", of: "" });
  expect(colouredBy(undefined, false)).toEqual({ kind: "label", of: "" });
});
