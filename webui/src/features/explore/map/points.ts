import { type ArrowTable, readArrow } from "./arrow";
import { gridOf } from "./grid";
import { type Among, type Colours, type Places, SHADES } from "./messages";

/** More names than that share the last one's colour. */
const MOST_NAMES = 65_000;

/** Read the places of points, in an order of which any beginning is a fair sample. */
export function placesOf(file: ArrayBuffer): Places {
  const table = readArrow(file);
  const rows = numbers(table, "row");
  const x = numbers(table, "x");
  const y = numbers(table, "y");
  const order = shuffled(table.rows).filter(
    (at) => Number.isFinite(x[at]) && Number.isFinite(y[at]),
  );
  const places = new Float32Array(2 * order.length);
  const ofRows = new Uint32Array(order.length);
  order.forEach((at, index) => {
    places[index * 2] = x[at] ?? 0;
    places[index * 2 + 1] = y[at] ?? 0;
    ofRows[index] = rows[at] ?? 0;
  });
  const without = table.rows - order.length;
  return { places, rows: ofRows, without, grid: gridOf(places) };
}

/** Find the point of each row; -1 where a row has none. */
export function indexOfRows(rows: Uint32Array): Int32Array {
  let last = -1;
  for (const row of rows) if (row > last) last = row;
  const found = new Int32Array(last + 1).fill(-1);
  rows.forEach((row, index) => {
    found[row] = index;
  });
  return found;
}

/** Read what points are coloured by, in their order. */
export function coloursOf(
  file: ArrayBuffer,
  name: string,
  n: number,
  pointOf: Int32Array,
): Colours {
  const table = readArrow(file);
  const rows = numbers(table, "row");
  const column = table.columns.get(name);
  const codes = new Uint16Array(n);
  const base = { codes, sure: sureness(table, rows, n, pointOf) };
  if (column?.kind === "codes") {
    const counts = new Array<number>(column.names.length + 1).fill(0);
    for (let at = 0; at < rows.length; at += 1) {
      const index = pointOf[rows[at] ?? 0] ?? -1;
      if (index >= 0) codes[index] = Math.min(MOST_NAMES, (column.codes[at] ?? -1) + 1);
    }
    for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
    return { ...base, scale: "names", names: column.names, counts, least: 0, greatest: 0 };
  }
  if (column?.kind !== "number" && column?.kind !== "time") {
    throw new Error(`The points have no column ${name}.`);
  }
  const { values } = column;
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const width = greatest - least || 1;
  const counts = new Array<number>(SHADES + 1).fill(0);
  for (let at = 0; at < rows.length; at += 1) {
    const index = pointOf[rows[at] ?? 0] ?? -1;
    const value = values[at] ?? Number.NaN;
    if (index >= 0 && Number.isFinite(value)) {
      codes[index] = 1 + Math.min(SHADES - 1, Math.floor(((value - least) / width) * SHADES));
    }
  }
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  const known = least <= greatest;
  return {
    ...base,
    scale: column.kind,
    names: [],
    counts,
    least: known ? least : Number.NaN,
    greatest: known ? greatest : Number.NaN,
  };
}

/** Tell which points are of the rows in a file. */
export function amongOf(file: ArrayBuffer, n: number, pointOf: Int32Array): Among {
  const among = new Uint8Array(n);
  for (const row of numbers(readArrow(file), "row")) {
    const index = pointOf[row] ?? -1;
    if (index >= 0) among[index] = 1;
  }
  return among;
}

function sureness(
  table: ArrowTable,
  rows: ArrayLike<number>,
  n: number,
  pointOf: Int32Array,
): Uint8Array | null {
  const column = table.columns.get("probability");
  if (column === undefined || column.kind !== "number") return null;
  const sure = new Uint8Array(n);
  for (let at = 0; at < rows.length; at += 1) {
    const index = pointOf[rows[at] ?? 0] ?? -1;
    if (index >= 0) sure[index] = Math.round((column.values[at] || 0) * 255);
  }
  return sure;
}

function numbers(table: ArrowTable, name: string): Float32Array | Float64Array | Uint32Array {
  const column = table.columns.get(name);
  if (column?.kind === "number") return column.values;
  // Where no text has a place nothing tells that the column is of numbers.
  if (table.rows === 0) return new Float32Array();
  throw new Error(`The points have no column ${name}.`);
}

/** The numbers below `n` in an order that is the same each time. */
function shuffled(n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, at) => at);
  let seed = 0x9e3779b9;
  for (let at = n - 1; at > 0; at -= 1) {
    // Xorshift: quick, and even enough for what is only drawn.
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    const other = (seed >>> 0) % (at + 1);
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}
