import { expect, it } from "vitest";
import { readRows, writeRows } from "./rows";

it("writes rows shortly, in their order, and reads them again", () => {
  for (const rows of [[7], [3, 4, 5, 40], [9, 2, 3, 1], [5, 4, 3]]) {
    expect(readRows(writeRows(rows))).toEqual(rows);
  }
  expect(writeRows([3, 4, 5, 40])).toBe("3-5_40");
  expect(writeRows([])).toBe("");
});

it("reads each row once, and nothing that is not a row", () => {
  expect(readRows("3_3_2-4")).toEqual([3, 2, 4]);
  for (const wrong of ["", "a", "3-", "-3", "4-3", "1.5", "1__2", "0-10000", "99999999999"]) {
    expect(readRows(wrong)).toBeNull();
  }
  expect(readRows("0-9999")).toHaveLength(10_000);
});
