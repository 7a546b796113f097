import { describe, expect, it } from "vitest";
import { goalOf, goalWords, storedGoal } from "./goal";

it("takes whole numbers of texts and nothing else", () => {
  expect(["50", " 7 ", "0", "-3", "2.5", "", "many", "1e9"].map(goalOf)).toEqual([
    50,
    7,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

it("reads what was stored, and drops what means nothing", () => {
  expect(storedGoal('{"texts":50,"done":12}')).toEqual({ texts: 50, done: 12 });
  for (const raw of [null, "null", "[", '{"texts":0,"done":1}', '{"texts":5}']) {
    expect(storedGoal(raw)).toBeNull();
  }
});

describe("its words", () => {
  it("say how far it is, and how long it takes at the pace so far", () => {
    expect(goalWords({ texts: 50, done: 12 }, null)).toBe("12 of 50 for this session");
    expect(goalWords({ texts: 50, done: 12 }, 6)).toContain("about 4 min left");
    expect(goalWords({ texts: 50, done: 48 }, 6)).toContain("under a minute left");
    expect(goalWords({ texts: 2000, done: 0 }, 6)).toContain("about 3.5 h left");
  });

  it("never count below nothing, after more was taken back than done", () => {
    expect(goalWords({ texts: 5, done: -1 }, null)).toBe("0 of 5 for this session");
  });

  it("are gentle once it is reached", () => {
    expect(goalWords({ texts: 5, done: 6 }, 6)).toMatch(/reached/);
  });
});
