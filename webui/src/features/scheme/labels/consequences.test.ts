import { describe, expect, it } from "vitest";
import { concerned, deleting, merging } from "./consequences";

const COUNTS = [
  { label: "agree", train: 10, valid: 0, test: 2 },
  { label: "yes", train: 1, valid: 0, test: 0 },
  { label: "no", train: 0, valid: 0, test: 0 },
];

describe("what is concerned", () => {
  it("is said by split where there are several", () => {
    expect(concerned(COUNTS, "agree")).toBe("12 texts count as agree: 10 to code and 2 to test.");
    expect(concerned(COUNTS, "yes")).toBe("1 text counts as yes.");
    expect(concerned(COUNTS, "unheard of")).toBe("0 texts count as unheard of.");
  });
});

describe("merging", () => {
  it("adds up what counts, for one label a text", () => {
    expect(merging(COUNTS, ["yes"], "agree", "choice").slice(0, 2)).toEqual([
      "1 text counts as yes.",
      "13 texts then count as agree, which 12 do now.",
    ]);
  });

  it("says at most, where a text may have both already", () => {
    expect(merging(COUNTS, ["yes"], "agree", "choices")[1]).toMatch(/^At most 13 texts/);
  });
});

describe("deleting", () => {
  it("says what becomes of the texts in each kind of scheme", () => {
    expect(deleting(COUNTS, "agree", "choice")[1]).toMatch(/to be coded again/);
    expect(deleting(COUNTS, "agree", "choices")[1]).toMatch(/keep their other labels/);
    expect(deleting(COUNTS, "agree", "spans")[1]).toMatch(/passages/);
  });

  it("says that nothing else changes where no text has the label", () => {
    expect(deleting(COUNTS, "no", "choice")).toEqual([
      "No text counts as no: nothing else changes.",
    ]);
  });
});
