/** A position for a value: linear between the ends of a range. */
export type Scale = (value: number) => number;

/** Map values from a domain to a range, both given by their ends. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain;
  const [start, end] = range;
  const span = to - from;
  return (value) =>
    span === 0 ? (start + end) / 2 : start + ((value - from) / span) * (end - start);
}

/** Return round values from `least` to `most`, about `count` of them. */
export function ticks(least: number, most: number, count: number): readonly number[] {
  const span = most - least;
  if (!(span > 0) || !Number.isFinite(span)) return [least];
  const step = roundStep(span / Math.max(1, count));
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(most / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => clean((first + at) * step));
}

/** Widen a domain to round ends, so that what is drawn touches no edge. */
export function roundDomain(least: number, most: number, count: number): [number, number] {
  if (!(most > least)) {
    const room = Math.abs(least) * 0.1 || 1;
    return [least - room, least + room];
  }
  const step = roundStep((most - least) / Math.max(1, count));
  const low = Math.floor(least / step + 1e-9);
  const high = Math.ceil(most / step - 1e-9);
  return [clean(low * step), clean(high * step)];
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** 0.30000000000000004 is 0.3. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

/**
 * Move positions apart until each is `gap` from the next, within `from` and `to`, as little as
 * that takes. Where there is no room for all, they lie evenly and closer.
 */
export function spread(
  positions: readonly number[],
  gap: number,
  from: number,
  to: number,
): readonly number[] {
  const order = positions.map((_, at) => at).sort((a, b) => at(positions, a) - at(positions, b));
  const room = Math.min(gap, positions.length < 2 ? gap : (to - from) / (positions.length - 1));
  const moved = [...positions];
  let least = from;
  for (const each of order) {
    moved[each] = Math.max(at(positions, each), least);
    least = at(moved, each) + room;
  }
  let most = to;
  for (const each of order.toReversed()) {
    moved[each] = Math.min(at(moved, each), most);
    most = at(moved, each) - room;
  }
  return moved;
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}

/** Return where in ascending `values` the one nearest to `value` is; -1 where there is none. */
export function nearest(values: readonly number[], value: number): number {
  let best = -1;
  let distance = Number.POSITIVE_INFINITY;
  values.forEach((each, index) => {
    if (Math.abs(each - value) >= distance) return;
    best = index;
    distance = Math.abs(each - value);
  });
  return best;
}
