/** So many picked texts an address holds: servers refuse one of much more than 4,000 characters. */
export const MOST_PICKED = 500;

/**
 * Write numbers of texts, in their order, for an address: "3-17_40". Commas and brackets would be
 * three characters each there, and points are those of decimals.
 */
export function writeRows(rows: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < rows.length; ) {
    const from = rows[at] ?? 0;
    let run = 1;
    while (rows[at + run] === from + run) run += 1;
    parts.push(run === 1 ? `${from}` : `${from}-${from + run - 1}`);
    at += run;
  }
  return parts.join("_");
}

/** Read numbers of texts; null where something else is written, or more than the server takes. */
export function readRows(written: string): readonly number[] | null {
  const found = new Set<number>();
  for (const part of written.split("_")) {
    const [, from, to = from] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? [];
    if (from === undefined || Number(to) < Number(from)) return null;
    if (found.size + Number(to) - Number(from) + 1 > MOST_ROWS) return null;
    for (let row = Number(from); row <= Number(to); row += 1) found.add(row);
  }
  return [...found];
}

/** As many as the server takes. */
const MOST_ROWS = 10_000;
