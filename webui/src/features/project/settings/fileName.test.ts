import { expect, it } from "vitest";
import { fileName } from "./fileName";

it.each([
  ['attachment; filename="climate-stance.csv"', "climate-stance.csv"],
  ["attachment; filename*=utf-8''prise%20de%20position.csv", "prise de position.csv"],
  ["attachment; filename=plain.csv", "plain.csv"],
  ['attachment; filename="100%.csv"', "100%.csv"],
  ["attachment", null],
  [null, null],
])("%j names the file %j", (disposition, name) => {
  expect(fileName(disposition)).toBe(name);
});
