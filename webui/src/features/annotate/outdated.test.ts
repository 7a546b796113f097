import { expect, it } from "vitest";
import type { CodebookVersion } from "@/api/schema";
import { changesSince } from "./outdated";

function aVersion(number: number, affects: CodebookVersion["affects"]): CodebookVersion {
  const at = "2026-11-26T12:00:00Z";
  const counts = { seq: number, annotations: 0, outdated: 0 };
  return { number, affects, note: "", created_by: "root", created_at: at, ...counts };
}

const VERSIONS = [
  aVersion(5, ["pro"]),
  aVersion(4, "all"),
  aVersion(3, ["con"]),
  aVersion(2, null),
  aVersion(1, ["con"]),
];

function since(codebook: number, value: unknown) {
  return changesSince(VERSIONS, { codebook, value }).map(({ number }) => number);
}

it("finds the versions that an answer is outdated by", () => {
  expect(since(1, "con")).toEqual([4, 3]);
  expect(since(4, ["con", "pro"])).toEqual([5]);
  expect(since(1, [{ start: 0, end: 2, label: "pro" }])).toEqual([5, 4]);
});

it("names all that may be meant where the label has another name by now", () => {
  expect(since(4, "renamed")).toEqual([5]);
  expect(since(5, "pro")).toEqual([]);
});
