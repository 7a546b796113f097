import { expect, it } from "vitest";
import { contained, containing, literally } from "./regex";

it("means a text as it stands", () => {
  expect(literally("a+b (c)")).toBe("a\\+b \\(c\\)");
});

it("finds words in either case, and reads them back from the expression", () => {
  expect(containing("U.S.")).toBe("(?i)U\\.S\\.");
  for (const words of ["tax", "a+b (c)", "50 % \\ more", "été – 🙂"]) {
    expect(contained(containing(words))).toBe(words);
  }
  for (const other of ["tax", "(?i)tax|duty", "(?i)", "(?i)\\d", "(?i)t.x"]) {
    expect(contained(other)).toBeNull();
  }
});
