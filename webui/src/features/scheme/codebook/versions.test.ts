import { expect, it } from "vitest";
import type { CodebookLine } from "@/api/schema";
import { aLabel, aVersion } from "../testing";
import { changeOf, patchOf } from "./change";
import { affectsWords, folded, labelChange, madeBy, sizeOf, standingOf } from "./versions";

const NOW = Date.parse("2026-11-26T14:00:00Z");

function lines(...written: string[]): CodebookLine[] {
  const ops = { "+": "added", "-": "removed", " ": "same" } as const;
  return written.map((line) => ({ op: ops[line[0] as "+"], text: line.slice(1) }));
}

it("says who made a version, when, and what was answered under it", () => {
  const version = aVersion({ annotations: 240, outdated: 12, affects: ["con"] });
  expect(madeBy(version, NOW)).toBe("by anna, 2 hours ago");
  expect(madeBy({ ...version, created_by: null }, NOW)).toMatch(/^from before versions were kept/);
  expect(standingOf(version)).toMatch(/240 .* 12 .*outdated/);
  expect(standingOf(aVersion())).toBe("No answer stands under it.");
  expect(affectsWords(version)).toBe("Changes what is meant by con.");
  expect(affectsWords(aVersion({ affects: [] }))).toBeNull();
});

it("leaves out long stretches that are the same, and no single line", () => {
  const found = folded(lines(" 1", " 2", " 3", " 4", " 5", "-six", "+6", " 7", " 8", " 9"));
  expect(found[0]).toEqual({ at: 0, left_out: 3 });
  expect(found.slice(1).map((row) => ("line" in row ? row.line.text : null))).toEqual([
    "4",
    "5",
    "six",
    "6",
    "7",
    "8",
    "9",
  ]);
  expect(new Set(found.map(({ at }) => at)).size).toBe(found.length);
  expect(folded([])).toEqual([]);
});

it("says how much changed", () => {
  expect(sizeOf(lines(" a"))).toBe("The text is the same.");
  expect(sizeOf(lines("+a", "+b", "-c"))).toMatch(/^2 .*added and 1 .*removed\.$/);
});

it("says what became of a label", () => {
  const [before, after] = [aLabel(1, "con"), { ...aLabel(1, "against"), description: "No." }];
  expect(labelChange({ change: "renamed", before, after })).toMatch("con is now against");
  expect(labelChange({ change: "added", before: null, after })).toBe("Label added: against");
  expect(labelChange({ change: "described", before: after, after })).toMatch("is now: No.");
  expect(labelChange({ change: "described", before: after, after: before })).toMatch("taken away");
});

it("keeps what is said of a version through a form", () => {
  for (const affects of [null, "all" as const, ["con"]]) {
    expect(patchOf(changeOf({ note: "why", affects }))).toEqual({ note: "why", affects });
  }
  expect(patchOf({ note: " why ", kind: "labels", labels: [] }).affects).toBeNull();
});
