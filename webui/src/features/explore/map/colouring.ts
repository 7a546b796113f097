import type { LabelInfo } from "@/api/schema";
import { labelColor, PALETTE } from "@/shared/theme/labelColor";
import { type Colours, SHADES } from "./messages";

/** What points may be coloured by. */
export type Kind =
  | "label"
  | "annotator"
  | "disagreement"
  | "time"
  | "split"
  | "similarity"
  | "prediction"
  | "topic"
  | "context";

/** What points are coloured by; `of` names the model, the topics or the column. */
export interface ColourBy {
  readonly kind: Kind;
  readonly of: string;
}

const ALONE: readonly Kind[] = [
  "label",
  "annotator",
  "disagreement",
  "time",
  "split",
  "similarity",
];
const NAMED: readonly Kind[] = ["prediction", "topic", "context"];

/** Read what an address says of colours; null where it means nothing. */
export function readColourBy(written: string | undefined): ColourBy | null {
  const [, kind = "", of = ""] = /^([a-z]+)(?::(.+))?$/su.exec(written ?? "") ?? [];
  const alone = ALONE.find((each) => each === kind);
  if (alone !== undefined && of === "") return { kind: alone, of };
  const named = NAMED.find((each) => each === kind);
  return named !== undefined && of !== "" ? { kind: named, of } : null;
}

/** What points are coloured by, where an address says so or what texts are to be like. */
export function colouredBy(written: string | undefined, looking: boolean): ColourBy {
  const by = readColourBy(written) ?? { kind: looking ? "similarity" : "label", of: "" };
  return by.kind === "similarity" && !looking ? { kind: "label", of: "" } : by;
}

export function writeColourBy({ kind, of }: ColourBy): string {
  return of === "" ? kind : `${kind}:${of}`;
}

/** What the server is asked for, and the column of its answer. */
export function columnOf({ kind, of }: ColourBy, scheme: string) {
  const bare = { bare: true } as const;
  switch (kind) {
    case "split":
      return { ...bare, split: true };
    case "prediction":
    case "topic":
    case "context":
      return { ...bare, [kind]: of };
    default:
      return { ...bare, [kind]: scheme };
  }
}

/** A line of the legend: a code of the points, what it is called, and its colour as CSS has it. */
export interface Entry {
  readonly code: number;
  /** null where nothing is known of the points. */
  readonly name: string | null;
  readonly count: number;
  readonly color: string;
}

/** What the server calls the rarer values of a column. */
export const OTHER_VALUES = "other";

const NONE = "var(--line-strong)";
const SPLITS = ["train", "valid", "test"];

/** Make the legend of names: first what is ordered, then by how many, what is not known last. */
export function legendOf(
  { names, counts }: Colours,
  kind: Kind,
  labels: readonly LabelInfo[],
): Entry[] {
  const coded = kind === "label" || kind === "prediction";
  const order = coded ? labels.map(({ name }) => name) : kind === "split" ? SPLITS : [];
  const place = (name: string): number => {
    const found = order.indexOf(name);
    if (found >= 0) return found;
    return kind === "context" && name === OTHER_VALUES ? names.length + 1 : order.length;
  };
  const sorted = names
    .map((name, index) => ({ name, code: index + 1, count: counts[index + 1] ?? 0 }))
    .filter(({ count, name }) => count > 0 || (coded && order.includes(name)))
    .toSorted((a, b) => place(a.name) - place(b.name) || b.count - a.count || a.code - b.code);
  let further = order.length;
  const found = sorted.map(({ name, code, count }): Entry => {
    const own = labels.findIndex((each) => each.name === name);
    if (coded && own >= 0) {
      return { code, name, count, color: labelColor(labels[own]?.color, own) };
    }
    if (kind === "disagreement") {
      return { code, name, count, color: name === "agree" ? hue(2) : hue(3) };
    }
    if (kind === "context" && name === OTHER_VALUES) return { code, name, count, color: NONE };
    if (order.includes(name)) return { code, name, count, color: hue(order.indexOf(name)) };
    further += 1;
    return { code, name, count, color: hue(further - 1) };
  });
  const none = counts[0] ?? 0;
  return none === 0 ? found : [...found, { code: 0, name: null, count: none, color: NONE }];
}

/** The palette's colours, then lighter ones, then darker ones: beyond eight they are only alike. */
function hue(place: number): string {
  const base = `var(--label-${(place % PALETTE.length) + 1})`;
  const round = Math.floor(place / PALETTE.length) % 3;
  if (round === 0) return base;
  return `color-mix(in srgb, ${base} 55%, var(${round === 1 ? "--ground-raised" : "--ink"}))`;
}

export type Tone = readonly [number, number, number];

const KNOWN_ALPHA = 225;
const UNKNOWN_ALPHA = 130;

/** Make the palette of a legend; what is hidden is not drawn. */
export function paletteOf(
  entries: readonly Entry[],
  tones: readonly Tone[],
  hidden: ReadonlySet<number>,
): Uint8Array {
  const most = Math.max(0, ...entries.map(({ code }) => code));
  const palette = new Uint8Array((most + 1) * 4);
  entries.forEach(({ code }, index) => {
    const alpha = code === 0 ? UNKNOWN_ALPHA : KNOWN_ALPHA;
    palette.set([...(tones[index] ?? [0, 0, 0]), hidden.has(code) ? 0 : alpha], code * 4);
  });
  return palette;
}

/** Colours of a scale, from its least to its greatest; by lightness, so that all can tell. */
export const SCALE: readonly string[] = ["var(--label-2)", "var(--label-3)", "var(--label-1)"];

/** Make the palette of a scale through some colours; `none` is of what has no value. */
export function scalePalette(stops: readonly Tone[], none: Tone, hideNone: boolean): Uint8Array {
  const palette = new Uint8Array((SHADES + 1) * 4);
  palette.set([...none, hideNone ? 0 : UNKNOWN_ALPHA], 0);
  for (let shade = 0; shade < SHADES; shade += 1) {
    const along = (shade / (SHADES - 1)) * (stops.length - 1);
    const from = stops[Math.floor(along)] ?? none;
    const to = stops[Math.ceil(along)] ?? from;
    const share = along - Math.floor(along);
    const mixed = from.map((each, index) =>
      Math.round(each + ((to[index] ?? each) - each) * share),
    );
    palette.set([...mixed, KNOWN_ALPHA], (shade + 1) * 4);
  }
  return palette;
}
