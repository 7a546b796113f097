import type { Span } from "@/api/schema";

/** A stretch of the text under the same spans. `start` is in UTF-16 units, as the DOM counts. */
export interface Segment {
  readonly text: string;
  readonly start: number;
  readonly spans: readonly Span[];
  /** The spans that end here, whose names are written behind. */
  readonly ending: readonly Span[];
}

/** Cut `text` where spans begin and end. Spans count characters; strings here count UTF-16 units. */
export function segments(text: string, spans: readonly Span[]): Segment[] {
  const units = unitOffsets(text);
  const last = units.length - 1;
  const cuts = new Set([0, last]);
  for (const { start, end } of spans) {
    cuts.add(Math.min(start, last));
    cuts.add(Math.min(end, last));
  }
  const points = [...cuts].sort((a, b) => a - b);
  return points.slice(0, -1).map((from, at) => {
    const to = points[at + 1] ?? last;
    const over = spans.filter((span) => span.start <= from && span.end >= to);
    return {
      text: text.slice(units[from], units[to]),
      start: units[from] ?? 0,
      spans: over,
      ending: over.filter((span) => span.end === to),
    };
  });
}

/** Turn a selection in UTF-16 units into characters, without the blanks at its ends. */
export function selectedSpan(
  text: string,
  from: number,
  to: number,
): { start: number; end: number } | null {
  const chosen = text.slice(from, to);
  const start = from + (chosen.length - chosen.trimStart().length);
  const end = to - (chosen.length - chosen.trimEnd().length);
  if (end <= start) return null;
  return { start: characters(text.slice(0, start)), end: characters(text.slice(0, end)) };
}

/** Add a span, or take away the same one. */
export function toggled(spans: readonly Span[], span: Span): Span[] {
  const others = spans.filter((other) => !same(other, span));
  const all = others.length === spans.length ? [...spans, span] : others;
  return all.sort((a, b) => a.start - b.start || a.end - b.end || a.label.localeCompare(b.label));
}

function same(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end && a.label === b.label;
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The UTF-16 offset of every character, and of the end. */
function unitOffsets(text: string): number[] {
  const offsets = [0];
  let at = 0;
  for (const character of text) {
    at += character.length;
    offsets.push(at);
  }
  return offsets;
}
