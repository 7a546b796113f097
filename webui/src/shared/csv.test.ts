import { expect, test } from "vitest";
import { csvOf } from "./csv";

test("quotes what must be, leaves numbers alone and defuses formulas", () => {
  const rows = [
    ["label", "share", "low"],
    ['says "no", twice', -0.25, null],
    ["=HYPERLINK(1)", 1e-7, 0],
    ["صحيفة\nline", 3, 4],
  ];
  expect(csvOf(rows)).toBe(
    'label,share,low\r\n"says ""no"", twice",-0.25,\r\n\'=HYPERLINK(1),1e-7,0\r\n"صحيفة\nline",3,4\r\n',
  );
});
