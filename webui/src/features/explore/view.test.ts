import { describe, expect, it } from "vitest";
import { type Layout, scrolledHeight, scrollTo, viewAt } from "./view";

const layout = (part: Partial<Layout> = {}): Layout => ({
  total: 1_000_000,
  rowHeight: 40,
  viewport: 600,
  open: null,
  ...part,
});

/** The rows that are seen whole or in part. */
function seen(of: Layout, scrollTop: number): number[] {
  const { first, last, top } = viewAt(of, scrollTop);
  const rows = Array.from({ length: last - first }, (_, at) => first + at);
  return rows.filter((row) => {
    const at = top(row) - scrollTop;
    const extra = of.open?.index === row ? of.open.extra : 0;
    return at + of.rowHeight + extra > 0 && at < of.viewport;
  });
}

describe("viewAt", () => {
  it("draws what is seen and little more", () => {
    const short = layout({ total: 1000 });
    expect(seen(short, 0)).toEqual(Array.from({ length: 15 }, (_, at) => at));
    expect(seen(short, 4010)[0]).toBe(100);
    const { first, last } = viewAt(short, 4010);
    expect(last - first).toBeLessThan(40);
  });

  it("reaches the first and the last of a million rows", () => {
    const long = layout();
    const height = scrolledHeight(long);
    expect(height).toBeLessThan(17_000_000);
    expect(seen(long, 0)[0]).toBe(0);
    const end = seen(long, height - long.viewport);
    expect(end.at(-1)).toBe(999_999);
    expect(viewAt(long, height - long.viewport).top(999_999)).toBeCloseTo(height - 40);
  });

  it("fills the view wherever an open row stands", () => {
    for (const index of [0, 7, 14, 500]) {
      const opened = layout({ total: 1000, open: { index, extra: 300 } });
      for (const scrollTop of [0, 200, 350, 20_000, 39_700]) {
        const rows = seen(opened, scrollTop);
        const { top } = viewAt(opened, scrollTop);
        const last = rows.at(-1) ?? 0;
        const bottom = top(last) + 40 + (last === index ? 300 : 0) - scrollTop;
        expect(top(rows[0] ?? 0) - scrollTop).toBeLessThanOrEqual(0);
        expect(bottom >= 600 || last === 999).toBe(true);
      }
    }
  });

  it("draws nothing of an empty table", () => {
    const empty = layout({ total: 0 });
    expect(viewAt(empty, 0)).toMatchObject({ first: 0, last: 0 });
    expect(scrolledHeight(empty)).toBe(0);
  });
});

describe("scrollTo", () => {
  it("moves no further than is needed to see a row", () => {
    for (const total of [1000, 1_000_000]) {
      const of = layout({ total });
      for (const row of [0, 10, 500, 999, total - 1]) {
        const at = scrollTo(of, row, 9000);
        expect(seen(of, at)).toContain(row);
        expect(scrollTo(of, row, at)).toBeCloseTo(at);
      }
    }
    expect(scrollTo(layout({ total: 1000 }), 230, 9000)).toBe(9000);
  });
});
