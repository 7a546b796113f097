/** A cell of a table that is saved. */
export type Cell = string | number | null;

/**
 * Write rows as CSV. A text that a spreadsheet would take for a formula begins with an apostrophe:
 * labels and names of columns are whatever somebody has typed.
 */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return `${rows.map((row) => row.map(written).join(",")).join("\r\n")}\r\n`;
}

function written(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
