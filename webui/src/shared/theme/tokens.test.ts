import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Color = readonly [number, number, number];
type Matrix = readonly [Color, Color, Color];

const [light = "", dark = ""] = readFileSync("src/shared/theme/tokens.css", "utf8").split(
  '[data-mantine-color-scheme="dark"]',
);

/** Simulations at full severity, on linear RGB: Machado, Oliveira and Fernandes (2009). */
const SIGHT: Readonly<Record<string, Matrix>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const XYZ: Matrix = [
  [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
  [0.2126, 0.7152, 0.0722],
  [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089],
];

function token(sheet: string, name: string): Color {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(sheet)?.[1];
  if (hex === undefined) throw new Error(`tokens.css has no colour --${name}`);
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(0), channel(2), channel(4)];
}

function times(matrix: Matrix, color: Color): Color {
  const row = (at: 0 | 1 | 2) =>
    matrix[at].reduce((sum, factor, channel) => sum + factor * (color[channel] ?? 0), 0);
  return [row(0), row(1), row(2)];
}

function contrast(a: Color, b: Color): number {
  const [low = 0, high = 0] = [times(XYZ, a)[1], times(XYZ, b)[1]].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** CIE Lab, in which 2-3 is just noticeable. */
function lab(color: Color): Color {
  const inside = color.map((channel) => Math.min(1, Math.max(0, channel)));
  const [x, y, z] = times(XYZ, [inside[0] ?? 0, inside[1] ?? 0, inside[2] ?? 0]).map((value) =>
    value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116,
  ) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function nearest(colors: readonly Color[]): number {
  const distances = colors.flatMap((a, at) =>
    colors.slice(0, at).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
  );
  return Math.min(...distances);
}

describe.each([
  ["light", light],
  ["dark", dark],
])("in %s mode", (_, sheet) => {
  const labels = Array.from({ length: 8 }, (_unused, at) => token(sheet, `label-${at + 1}`));

  it.each(Object.entries(SIGHT))("label colours stay apart under %s", (_name, matrix) => {
    const seen = labels.map((color) => lab(times(matrix, color)));
    expect(nearest(seen)).toBeGreaterThan(20);
    expect(nearest(seen.slice(0, 4))).toBeGreaterThan(40);
  });

  it("label colours and borders can be told from the ground", () => {
    for (const ground of ["ground", "ground-raised"]) {
      for (const color of [...labels, token(sheet, "line-strong")]) {
        expect(contrast(color, token(sheet, ground))).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it.each([
    ["ink", "ground-sunk"],
    ["ink-soft", "ground"],
    ["ink-soft", "ground-sunk"],
    ["accent", "ground-raised"],
    ["accent", "accent-soft"],
    ["on-accent", "accent"],
    ["bad", "bad-soft"],
  ])("%s can be read on %s", (ink, ground) => {
    expect(contrast(token(sheet, ink), token(sheet, ground))).toBeGreaterThanOrEqual(4.5);
  });
});
