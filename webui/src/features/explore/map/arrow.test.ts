import { describe, expect, it } from "vitest";
import { type ArrowColumn, type ArrowTable, readArrow } from "./arrow";
import { BATCHES, FROM_POLARS, FROM_PYARROW } from "./arrowFiles.testing";

function read(base64: string): ArrowTable {
  return readArrow(Uint8Array.from(atob(base64), (each) => each.charCodeAt(0)).buffer);
}

function listed(column: ArrowColumn | undefined): unknown[] {
  if (column === undefined) return [];
  if (column.kind === "strings") {
    return Array.from({ length: column.length }, (_, row) => column.at(row));
  }
  if (column.kind === "codes") return [...column.codes].map((code) => column.names[code] ?? null);
  return [...column.values].map((value) => (Number.isNaN(value) ? null : value));
}

function all({ columns }: ArrowTable): Record<string, unknown[]> {
  return Object.fromEntries([...columns].map(([name, column]) => [name, listed(column)]));
}

describe("an Arrow stream", () => {
  it("is read as PyArrow wrote it", () => {
    expect(all(read(FROM_PYARROW))).toEqual({
      row: [0, 1, 2],
      x: [0.5, null, -2],
      id: ["a", "é😀", null],
      label: ["pro", null, "con"],
      time: [Date.UTC(2026, 0, 2), null, 0],
    });
  });

  it("is read as the server writes it", () => {
    const table = read(FROM_POLARS);
    expect(table.rows).toBe(2);
    expect(all(table)).toEqual({
      row: [4, 5],
      x: [1.5, null],
      id: ["t4", "t5"],
      label: [null, "pro"],
      context: [1, null],
      time: [Date.UTC(2026, 0, 2), null],
    });
    expect(table.columns.get("time")?.kind).toBe("time");
  });

  it("may come in several batches", () => {
    expect(all(read(BATCHES))).toEqual({
      row: [0, 1, 2, 1, 2],
      id: ["a", "é😀", null, "é😀", null],
    });
  });

  it("is refused where it ends too early", () => {
    const bytes = Uint8Array.from(atob(FROM_PYARROW), (each) => each.charCodeAt(0));
    expect(() => readArrow(bytes.slice(0, -200).buffer)).toThrow("too early");
  });
});
