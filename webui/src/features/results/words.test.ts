import { describe, expect, test } from "vitest";
import type { Row } from "./answer";
import { anAnswer, aRow, figureOf } from "./testing";
import {
  coefficient,
  drawnParts,
  methodsText,
  questionWords,
  sentence,
  shareWords,
  tableOf,
} from "./words";

describe("a sentence", () => {
  test("says the share, what it rests on, and what people alone would give", () => {
    const row: Row = { ...aRow("Energy", 0.31), alone: figureOf(0.3) };
    expect(sentence(anAnswer({ rows: [row] }))).toBe(
      "Of 7,600 texts 31 % (26 to 36 %) have the label Energy, from 400 texts coded by people and the predictions of quick. People alone would give 30 % (25 to 35 %).",
    );
  });

  test("takes the most frequent of several labels", () => {
    const answer = anAnswer({
      rows: [aRow("Energy", 0.31), aRow("Health", 0.5)],
      model_name: null,
    });
    expect(sentence(answer)).toBe(
      "Health is the most frequent label: of 7,600 texts 50 % (45 to 55 %) have it, from 400 texts coded by people.",
    );
  });

  test("of groups says whether the largest and the smallest are apart", () => {
    const group = (name: string, value: number) => ({ ...aRow("Energy", value), group: name });
    const by = { kind: "mean-by-group", by: "year" } as const;
    const apart = anAnswer({ ...by, rows: [group("2001", 0.2), group("2002", 0.4)] });
    expect(sentence(apart)).toContain("most frequent where year is 2002, with 40 %");
    const near = anAnswer({ ...by, rows: [group("2001", 0.2), group("2002", 0.24)] });
    expect(sentence(near)).toContain("the intervals overlap");
  });

  test("of a regression names the coefficients whose interval leaves 0 out", () => {
    const rows = [
      aRow("Energy", 2, "intercept"),
      aRow("Energy", 0.01, "length"),
      aRow("Energy", -0.4, "year"),
    ] as const;
    const asked = { kind: "logistic", covariates: [{ column: "year" }] } as const;
    const [first, ...others] = rows;
    const answer = anAnswer({ ...asked, rows: [first, ...others] });
    expect(sentence(answer)).toContain("change with year −0.4 (−0.45 to −0.35),");
    expect(sentence({ ...answer, rows: [first, rows[1]] })).toContain("every interval contains 0");
    expect(drawnParts(answer)[0]?.rows.map(({ estimate }) => estimate.name)).toEqual([
      "length",
      "year",
    ]);
  });
});

test("narrow intervals are written with decimals, so that their ends differ", () => {
  expect(shareWords({ value: 0.31, low: 0.305, high: 0.315 })).toBe("31.0 % (30.5 to 31.5 %)");
  expect(coefficient(-0.00123456)).toBe("−0.00123");
});

test("the methods name question, labels, machine, estimator and its source", () => {
  const text = methodsText(anAnswer({ labels: ["Energy"], notes: ["5 left out."] }), "PPI");
  expect(text).toContain("Share of Energy: 7,600 texts (the corpus).");
  expect(text).toContain("Human labels: 400, of the sample fair.");
  expect(text).toContain("the probabilities predicted by quick");
  expect(text).toContain("PPI (Angelopoulos 2023); 95 % confidence intervals.");
  expect(text).toContain("5 left out.");
  expect(JSON.parse(text.split("\n").at(-1) ?? "")).toMatchObject({
    question: { kind: "prevalence", labels: ["Energy"] },
    sample: "fair",
    model: "quick",
    level: 0.95,
  });
});

test("a question is said in a line", () => {
  expect(questionWords(anAnswer())).toBe("Share of all labels");
  const linear = anAnswer({ kind: "linear", covariates: [{ column: "year" }], labels: ["a", "b"] });
  expect(questionWords(linear)).toBe("Linear regression of a, b on year");
});

test("a table has a cell for each head", () => {
  const [head, ...rows] = tableOf(anAnswer());
  expect(rows).toHaveLength(1);
  expect(rows[0]).toHaveLength(head?.length ?? 0);
});
