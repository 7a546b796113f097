import { linear, roundDomain, type Scale, ticks } from "./scale";

/** What a figure is drawn as: the shape tells figures apart where colours do not. */
export type Sign = "disc" | "ring" | "square";

/** A figure of a row, with its interval where it has one. */
export interface Mark {
  readonly sign: Sign;
  readonly value: number;
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
}

/** A name, and the figures that are compared under it. */
export interface MarkRow {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly marks: readonly Mark[];
}

export interface PlacedMark extends Mark {
  readonly y: number;
}

export interface PlacedRow {
  readonly key: string;
  readonly color: string;
  /** The name in lines, each with where it stands. */
  readonly lines: readonly { readonly text: string; readonly y: number }[];
  readonly marks: readonly PlacedMark[];
}

export interface MarksLayout {
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly ticks: readonly number[];
  readonly rows: readonly PlacedRow[];
  readonly narrow: boolean;
}

interface Wish {
  readonly rows: readonly MarkRow[];
  readonly width: number;
  readonly reference: number | null;
  readonly domain: readonly [number, number] | null;
  /** Lines of the legend above the rows. */
  readonly legend: number;
}

/** Below this names stand above their figures instead of beside them. */
const NARROW = 560;
const CHARACTER = 7.2;
const LINE = 17;
const MARK = 18;
const GAP = 12;
const AXIS = 30;
const MOST_LINES = 3;

/** Lay figures out under each other in a box. */
export function layMarks({ rows, width, reference, domain, legend }: Wish): MarksLayout {
  const narrow = width < NARROW;
  const room = narrow ? width - 8 : Math.min(240, width * 0.34);
  const names = rows.map(({ name }) => wrapped(name, Math.floor(room / CHARACTER), MOST_LINES));
  const longest = Math.max(0, ...names.flat().map(({ length }) => length));
  const left = narrow ? 10 : Math.min(room, longest * CHARACTER) + 18;
  const right = width - 14;
  const top = legend * LINE + (legend > 0 ? 10 : 4);
  let y = top;
  const placed = rows.map(({ key, color, marks }, at): PlacedRow => {
    const lines = names[at] ?? [];
    const text = lines.length * LINE;
    const figures = marks.length * MARK;
    const height = narrow ? text + figures : Math.max(text, figures);
    const from = narrow ? y + text : y + (height - figures) / 2;
    const textFrom = narrow ? y : y + (height - text) / 2;
    y += height + GAP;
    return {
      key,
      color,
      lines: lines.map((each, line) => ({ text: each, y: textFrom + line * LINE + LINE / 2 })),
      marks: marks.map((mark, place) => ({ ...mark, y: from + (place + 0.5) * MARK })),
    };
  });
  const ends = domain ?? reach(rows, reference);
  const bottom = y - GAP / 2;
  return {
    height: bottom + AXIS,
    left,
    right,
    top,
    bottom,
    x: linear(ends, [left, right]),
    ticks: ticks(...ends, Math.max(2, Math.floor((right - left) / 80))),
    rows: placed,
    narrow,
  };
}

function reach(rows: readonly MarkRow[], reference: number | null): [number, number] {
  const all = rows.flatMap(({ marks }) =>
    marks.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]),
  );
  if (reference !== null) all.push(reference);
  if (all.length === 0) return [0, 1];
  return roundDomain(Math.min(...all), Math.max(...all), 6);
}

/** Break a name into lines of so many characters; what does not fit ends in dots. */
export function wrapped(name: string, most: number, lines: number): readonly string[] {
  const found: string[] = [];
  let line = "";
  for (const word of name.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= most || line === "") line = longer;
    else {
      found.push(line);
      line = word;
    }
  }
  found.push(line);
  const kept = found.slice(0, lines);
  if (found.length > lines) kept[lines - 1] = `${kept[lines - 1]}…`;
  return kept.map((each) => shortened(each, most));
}

function shortened(line: string, most: number): string {
  const characters = [...line];
  if (characters.length <= most) return line;
  return `${characters
    .slice(0, Math.max(1, most - 1))
    .join("")
    .trimEnd()}…`;
}
