import { expect, it } from "vitest";
import { coded, goesWith, overlapWords } from "./words";

it("says how far the coding is", () => {
  expect(coded(1_200, 4_000)).toBe("1,200 of 4,000 texts coded.");
});

it("says what an overlap is good for", () => {
  expect(overlapWords(1)).toMatch(/^Each text is coded once/);
  expect(overlapWords(3)).toMatch(/^Each text goes to 3 people/);
});

it("says all that goes with a scheme", () => {
  expect(goesWith(1, [], false)).toHaveLength(2);
  const all = goesWith(12, ["first", "second"], true);
  expect(all[0]).toMatch(/annotations of 12 texts/);
  expect(all[1]).toBe("So are the models that learnt from it: first, second.");
  expect(all.at(-1)).toMatch(/cannot be undone/);
});
