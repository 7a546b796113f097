import { describe, expect, it } from "vitest";
import {
  chance,
  figures,
  heldOut,
  judgements,
  mainFigure,
  perKilowattHour,
  verdict,
  withInterval,
  worstConfusion,
} from "./reports";
import { aModel, aReport } from "./testing";

const SPANS = aReport({
  overall: { strict_f1: { value: 0.4, low: 0.3, high: 0.5 }, macro_strict_f1: { value: null } },
  by_label: { rain: { strict_f1: { value: 0.4 }, support: { value: 12 } } },
  confusion: null,
});

describe("the sentence of a report", () => {
  it("says the score, how sure it is, and what chance alone gives", () => {
    expect(verdict({ split: "test", report: aReport({ n: 80 }) })).toBe(
      "On 80 held-out texts, macro F1 is 0.72, between 0.66 and 0.77; by chance alone 0.50.",
    );
  });

  it("says where the texts were learnt from, or cross-validated", () => {
    const seen = aReport({
      basis: "in-sample",
      overall: { macro_f1: { value: 1, low: 1, high: 1 } },
    });
    expect(verdict({ split: "train", report: seen })).toBe(
      "On 80 texts that it learnt from, macro F1 is 1.00; by chance alone 0.50.",
    );
    expect(verdict({ split: "train", report: aReport({ basis: "cross-validated" }) })).toMatch(
      /^On 80 cross-validated texts, /,
    );
  });

  it("names passages' own figure, of which no chance is known", () => {
    expect(mainFigure(SPANS)).toBe("strict_f1");
    expect(chance(SPANS)).toBeNull();
    expect(verdict({ split: "test", report: SPANS })).toBe(
      "On 80 held-out texts, F1, borders and label right is 0.40, between 0.30 and 0.50.",
    );
  });

  it("says so where nothing is defined", () => {
    const none = aReport({ overall: { macro_f1: { value: null } } });
    expect(verdict({ split: "test", report: none })).toBe(
      "On 80 held-out texts, no score is defined.",
    );
  });
});

it("takes chance from how often labels occur, and leaves out those that do not", () => {
  const uneven = aReport({
    n: 100,
    by_label: {
      rain: { support: { value: 90 } },
      snow: { support: { value: 30 } },
      hail: { support: { value: 0 } },
    },
  });
  expect(chance(uneven)).toBeCloseTo(0.6);
});

it("prefers texts that a model has not learnt from", () => {
  const train = aReport({ basis: "in-sample" });
  const valid = aReport();
  const model = aModel({ scores: { train, valid } });
  expect(judgements(model).map(({ split }) => split)).toEqual(["valid", "train"]);
  expect(heldOut(model)?.split).toBe("valid");
  expect(heldOut(aModel({ scores: { train } }))).toBeNull();
});

it("knows a model that was cross-validated before it predicts", () => {
  const folds = { metric: "classification", folds: 5, report: aReport() };
  const model = aModel({ validation: { search: null, folds } });
  expect(heldOut(model)?.report.basis).toBe("cross-validated");
});

it("writes intervals where they say something", () => {
  expect(withInterval("f1", { value: 0.5, low: 0.4, high: 0.6 })).toBe("0.50 (0.40 to 0.60)");
  expect(withInterval("f1", { value: 1, low: 1, high: 1 })).toBe("1.00");
  expect(withInterval("f1", { value: null })).toBe("undefined");
});

it("sorts figures and keeps those that a plugin has of its own", () => {
  const overall = { own_share: { value: 1 }, brier: { value: 0 }, macro_f1: { value: 1 } };
  expect(figures({ overall })).toEqual({
    common: ["macro_f1"],
    others: ["own_share"],
    losses: ["brier"],
  });
});

it("finds the confusion that happens most", () => {
  expect(worstConfusion(aReport())).toEqual({ said: "snow", called: "rain", n: 14, of: 40 });
  expect(worstConfusion(SPANS)).toBeNull();
});

it("divides by energy only where some was used", () => {
  expect(perKilowattHour(0.7, 1)).toBeCloseTo(700);
  expect(perKilowattHour(0.7, 0.0000001)).toBeNull();
  expect(perKilowattHour(null, 1)).toBeNull();
});
