import type { Box, Point } from "./camera";

/** Points by the cell of a grid that they are in, for the nearest to be found at once. */
export interface Grid {
  readonly box: Box;
  readonly columns: number;
  readonly rows: number;
  /** Where each cell's points begin in `items`; one more at the end. */
  readonly starts: Uint32Array;
  readonly items: Uint32Array;
}

/** So many points are in a cell, were they spread evenly. */
const PER_CELL = 4;
const MOST_CELLS = 1_000;

/** The least and greatest of pairs of x and y; a unit square where there are none. */
export function boxOf(places: Float32Array): Box {
  let [left, low, right, high] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < places.length; at += 2) {
    const x = places[at] ?? 0;
    const y = places[at + 1] ?? 0;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < low) low = y;
    if (y > high) high = y;
  }
  return places.length === 0 ? [0, 0, 1, 1] : [left, low, right, high];
}

/** Sort points, given as pairs of x and y, into a grid. */
export function gridOf(places: Float32Array): Grid {
  const n = places.length / 2;
  const box = boxOf(places);
  const side = Math.max(1, Math.min(MOST_CELLS, Math.round(Math.sqrt(n / PER_CELL))));
  const grid = { box, columns: side, rows: side };
  const cells = new Uint32Array(n);
  const starts = new Uint32Array(side * side + 1);
  for (let index = 0; index < n; index += 1) {
    const cell =
      rowAt(grid, places[index * 2 + 1] ?? 0) * side + columnAt(grid, places[index * 2] ?? 0);
    cells[index] = cell;
    starts[cell + 1] = (starts[cell + 1] ?? 0) + 1;
  }
  for (let cell = 0; cell < side * side; cell += 1) {
    starts[cell + 1] = (starts[cell + 1] ?? 0) + (starts[cell] ?? 0);
  }
  const next = starts.slice();
  const items = new Uint32Array(n);
  for (let index = 0; index < n; index += 1) {
    const cell = cells[index] ?? 0;
    const place = next[cell] ?? 0;
    items[place] = index;
    next[cell] = place + 1;
  }
  return { ...grid, starts, items };
}

type Shape = Pick<Grid, "box" | "columns" | "rows">;

function columnAt({ box, columns }: Shape, x: number): number {
  return cellAt((x - box[0]) / (box[2] - box[0] || 1), columns);
}

function rowAt({ box, rows }: Shape, y: number): number {
  return cellAt((y - box[1]) / (box[3] - box[1] || 1), rows);
}

function cellAt(share: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor(share * count)));
}

/** Find the point nearest to a place that is within `reach` of it and counts; null if none is. */
export function nearest(
  grid: Grid,
  places: Float32Array,
  [x, y]: Point,
  reach: number,
  counts: (index: number) => boolean = () => true,
): number | null {
  const from = columnAt(grid, x - reach);
  const to = columnAt(grid, x + reach);
  const last = rowAt(grid, y + reach);
  let best: number | null = null;
  let least = reach * reach;
  for (let row = rowAt(grid, y - reach); row <= last; row += 1) {
    const begin = grid.starts[row * grid.columns + from] ?? 0;
    const end = grid.starts[row * grid.columns + to + 1] ?? 0;
    for (let place = begin; place < end; place += 1) {
      const index = grid.items[place] ?? 0;
      const dx = (places[index * 2] ?? 0) - x;
      const dy = (places[index * 2 + 1] ?? 0) - y;
      const distance = dx * dx + dy * dy;
      if (distance <= least && counts(index)) {
        least = distance;
        best = index;
      }
    }
  }
  return best;
}
