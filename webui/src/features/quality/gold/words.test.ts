import { expect, it } from "vitest";
import { aGold } from "../testing";
import { answeredWords, checksWords, goldWords, sameChecks } from "./words";

it("says how people are checked", () => {
  expect(checksWords(null)).toBe("Nobody is checked now.");
  expect(checksWords({ every: 30, feedback: true })).toMatch(/among 30 texts .* told whether/);
  expect(checksWords({ every: 30, feedback: false })).toMatch(/Nobody is told/);
});

it("knows whether anything is to be saved", () => {
  expect(sameChecks(null, null)).toBe(true);
  expect(sameChecks(null, { every: 20, feedback: false })).toBe(false);
  expect(sameChecks({ every: 20, feedback: true }, { every: 20, feedback: false })).toBe(false);
});

it("says how gold texts go", () => {
  expect(goldWords([])).toMatch(/none yet/);
  expect(goldWords([aGold()])).toMatch(/Nobody has answered one yet\.$/);
  expect(goldWords([aGold({ answered: 3, correct: 2 }), aGold({ answered: 1 })])).toMatch(
    /2 of 4 answers/,
  );
  expect(answeredWords(aGold())).toBe("nobody has answered it yet");
  expect(answeredWords(aGold({ answered: 3, correct: 2 }))).toBe("2 of 3 right");
});
