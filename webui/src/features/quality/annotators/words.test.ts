import { expect, it } from "vitest";
import { aDrift, anAnnotator, aShare } from "../testing";
import { driftWords, hasty, headline, intervalRows, outdatedWords, pace, unknown } from "./words";

it("begins with a sentence", () => {
  const gold = { count: 18, of: 20, share: 0.9, low: 0.699, high: 0.972 };
  expect(headline(anAnnotator({ gold }))).toMatch(
    /^anna: 240 texts.*, right on 18 of 20 known ones \(70\u201397 %\)$/,
  );
  expect(headline(anAnnotator())).toMatch(/no known one among them$/);
});

it("says how long texts take, and whether that is too short", () => {
  const seconds = { n: 240, q1: 4.2, median: 6, q3: 9.4, hasty: aShare(3, 240) };
  expect(pace(seconds)).toBe("A text takes 6 s in the middle; half of them take 4.2 to 9.4 s.");
  expect(hasty(seconds)).toMatch(/^3 of 240 answers \(1 %\)/);
  expect(hasty({ ...seconds, hasty: aShare(0, 240) })).toMatch(/^No answer/);
  expect(pace(anAnnotator().seconds)).toMatch(/not known/);
  expect(hasty(anAnnotator().seconds)).toBeNull();
  expect(outdatedWords(0)).toBeNull();
});

it("draws what is known and says what is not", () => {
  const person = anAnnotator({ gold: aShare(18, 20), others: aShare(30, 40) });
  expect(intervalRows(person).map(({ key, value }) => [key, value])).toEqual([
    ["gold", 0.9],
    ["others", 0.75],
  ]);
  expect(unknown(person)).toEqual([
    "Right on attention checks: no attention check answered yet.",
    "As it was decided: no other text of theirs decided yet.",
  ]);
});

it("calls a drift what an interval tells apart from none", () => {
  const drift = aDrift({ gold: -0.2, gold_low: -0.35, gold_high: -0.05 });
  expect(driftWords(drift)[0]).toMatch(/less often.*\u221220\.0 points/);
  expect(driftWords({ ...drift, gold_high: 0.05 })[0]).toMatch(/^No change on gold/);
  expect(driftWords({ ...drift, gold: 0.2, gold_low: 0.1, gold_high: 0.3 })[0]).toMatch(/more/);
  expect(driftWords(aDrift({ speed: 0.6 }))).toEqual([
    "A text takes them 40 % less time than in their first half.",
  ]);
  expect(driftWords(aDrift({ speed: 1.05 }))).toEqual(["Their pace is steady."]);
  expect(driftWords(aDrift({ labels: 0.2, labels_p: 0.01 }))[0]).toMatch(/20 % .*p = 0\.01\)/);
  expect(driftWords(aDrift({ labels: 0.2, labels_p: 1e-9 }))[0]).toMatch(/p < 0\.001\)/);
  expect(driftWords(aDrift({ labels: 0.2, labels_p: 0.3 }))).toEqual([
    "They use the labels as before.",
  ]);
});

it("says that nothing can be told", () => {
  expect(driftWords(null)[0]).toMatch(/too few/);
  expect(driftWords(aDrift())[0]).toMatch(/does not tell/);
});
