import { describe, expect, test } from "vitest";
import {
  agreement,
  answered,
  isPlan,
  type Plan,
  planned,
  reckoned,
  spent,
  valueWords,
} from "./words";

const PLAN: Plan = {
  rows: 120,
  kept: 20,
  alike: 0,
  to_ask: 100,
  tokens_in: 40_000,
  tokens_out: 2_000,
  cost: 0.0192,
  currency: "EUR",
  wh: null,
  seconds: 60,
  based_on: 20,
  remote: true,
};

describe("a plan", () => {
  test("says what is left to ask, and what that takes", () => {
    expect(planned(PLAN)).toBe("100 texts to ask, about 42,000 tokens, 0.019 EUR, 60 s.");
  });

  test("leaves out what nobody can say", () => {
    const plan = { ...PLAN, cost: null, seconds: null, to_ask: 1 };
    expect(planned(plan)).toBe("1 text to ask, about 42,000 tokens.");
    expect(planned({ ...PLAN, to_ask: 0 })).toMatch(/^Nothing is left/);
  });

  test("says whether it is guessed", () => {
    expect(reckoned(PLAN)).toBe("Reckoned from 20 answers of this labelling.");
    expect(reckoned({ ...PLAN, based_on: 0 })).toMatch(/^Guessed/);
  });

  test("is told from the results of other jobs", () => {
    expect(isPlan(PLAN)).toBe(true);
    expect(isPlan({ rows: 3 })).toBe(false);
    expect(isPlan(null)).toBe(false);
  });
});

describe("a labelling", () => {
  test("says what came back, and what it took", () => {
    expect(answered({ answered: 1, unparsed: 2 })).toBe("1 answer, 2 that are no value.");
    expect(answered({})).toBe("Nothing was asked yet.");
    expect(spent({ tokens_in: 1000, tokens_out: 234, cost: 0.5, wh: null })).toBe(
      "1,234 tokens, cost 0.5",
    );
    expect(spent({})).toBe("");
  });

  test("says how it agrees with people, on the test split where there is one", () => {
    const report = { labels: [], n: 80 };
    const scores = {
      train: { ...report, overall: { accuracy: { value: 0.9 } } },
      test: { ...report, overall: { accuracy: { value: 0.8, low: 0.71, high: 0.88 } } },
    };
    expect(agreement({ scores })).toBe(
      "It agrees with people on 80 % (71 to 88) of 80 texts (test).",
    );
    expect(agreement({ scores: {} })).toMatch(/^Nobody can say/);
  });
});

test("values of every kind of scheme are read as words", () => {
  expect(valueWords("agree")).toBe("agree");
  expect(valueWords(["a", "b"])).toBe("a, b");
  expect(valueWords([{ start: 0, end: 4, label: "place" }])).toBe("place 0–4");
  expect(valueWords([])).toBe("no label");
  expect(valueWords(null)).toBe("no value");
});
