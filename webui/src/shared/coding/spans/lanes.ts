import type { Span } from "@/api/schema";

/**
 * Give each span a lane, so that lines under spans that overlap do not lie on each other and a
 * span's line keeps its height from its beginning to its end.
 */
export function lanesOf(spans: readonly Span[]): ReadonlyMap<Span, number> {
  const lanes = new Map<Span, number>();
  /** Where each lane is free again. */
  const free: number[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const found = free.findIndex((end) => end <= span.start);
    const lane = found === -1 ? free.length : found;
    free[lane] = span.end;
    lanes.set(span, lane);
  }
  return lanes;
}

/** Write the lines under a stretch as a shadow: one for each lane up to the last that is taken. */
export function linesUnder(
  over: readonly Span[],
  lanes: ReadonlyMap<Span, number>,
  colorOf: (span: Span) => string,
): string {
  const taken = new Map(over.map((span) => [lanes.get(span) ?? 0, colorOf(span)]));
  const last = Math.max(-1, ...taken.keys());
  const shadows = Array.from({ length: last + 1 }, (_, lane) => {
    const foot = (lane + 1) * STEP;
    const line = taken.get(lane) ?? "var(--ground)";
    return [`0 ${foot - GAP}px 0 ${line}`, `0 ${foot}px 0 var(--ground)`];
  });
  return shadows.flat().join(", ");
}

const STEP = 4;
const GAP = 1;
