import { linear, roundDomain, type Scale, spread, ticks } from "./scale";

/** A point of a line, perhaps with an interval. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
}

/** A line of a chart. */
export interface Series {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  /** An SVG dash pattern: colour alone must not tell lines apart. */
  readonly dash?: string | null;
  /** Whether its band is drawn though there are many lines. */
  readonly emphasis?: boolean;
  /** By ascending x. */
  readonly points: readonly Point[];
}

/** A value that lines are compared with. */
export interface Threshold {
  readonly y: number;
  readonly name: string;
}

/** Where things are, in pixels. */
export interface Layout {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  /** The lines' names at their ends, moved apart. */
  readonly names: readonly { key: string; name: string; color: string; y: number }[];
}

interface Wish {
  series: readonly Series[];
  width: number;
  height: number;
  thresholds: readonly Threshold[];
  showTick: (y: number) => string;
  named: boolean;
}

const CHARACTER = 7;
const NAME_GAP = 17;
/** In characters; the table has all of a longer name. */
const LONGEST_NAME = 32;

/** Lay a chart out in a box. */
export function layoutOf({ series, width, height, thresholds, showTick, named }: Wish): Layout {
  const points = series.flatMap((each) => each.points);
  const ys = points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]);
  ys.push(...thresholds.map((each) => each.y));
  const xs = points.map(({ x }) => x);
  const rows = Math.max(2, Math.round(height / 65));
  const domain = roundDomain(Math.min(...ys), Math.max(...ys), rows);
  const yTicks = ticks(...domain, rows);
  const widest = Math.max(...yTicks.map((y) => showTick(y).length));
  const left = widest * CHARACTER + 14;
  const longest = Math.max(0, ...series.map(({ name }) => cut(name).length));
  const names = named ? longest * CHARACTER + 34 : 14;
  const [right, top, bottom] = [width - names, 10, height - 38];
  const ends: [number, number] = [Math.min(...xs), Math.max(...xs)];
  const x = linear(ends, [left, right]);
  const y = linear(domain, [bottom, top]);
  const at = spread(
    series.map(({ points: own }) => y(own.at(-1)?.y ?? domain[0])),
    NAME_GAP,
    top + 4,
    bottom,
  );
  return {
    left,
    right,
    top,
    bottom,
    x,
    y,
    xTicks: ticks(...ends, Math.max(2, Math.floor((right - left) / 70))),
    yTicks,
    names: series.map(({ key, name, color }, index) => ({
      key,
      name: cut(name),
      color,
      y: (at[index] ?? top) + 4,
    })),
  };
}

function cut(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1).trimEnd()}\u2026`;
}

/** Return every x that some line has a point at, ascending. */
export function xsOf(series: readonly Series[]): readonly number[] {
  const all = new Set(series.flatMap(({ points }) => points.map(({ x }) => x)));
  return [...all].sort((a, b) => a - b);
}

type Scales = Pick<Layout, "x" | "y">;

/** The path of a line. */
export function pathOf(points: readonly Point[], { x, y }: Scales): string {
  return points
    .map((point, at) => `${at === 0 ? "M" : "L"}${round(x(point.x))} ${round(y(point.y))}`)
    .join("");
}

/** The outline of a line's intervals; empty where fewer than two points have one. */
export function shapeOf(points: readonly Point[], { x, y }: Scales): string {
  const known = points.flatMap(({ x: at, low, high }) =>
    low == null || high == null ? [] : [{ at, low, high }],
  );
  if (known.length < 2) return "";
  const upper = known.map(({ at, high }) => `${round(x(at))} ${round(y(high))}`);
  const lower = known.toReversed().map(({ at, low }) => `${round(x(at))} ${round(y(low))}`);
  return `M${[...upper, ...lower].join("L")}Z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
