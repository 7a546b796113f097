import type { ModelInfo, ScoreReport } from "@/api/schema";

/** Make a report as the server gives it; two labels, as often one as the other. */
export function aReport(change: Partial<ScoreReport> = {}): ScoreReport {
  return {
    n: 80,
    labels: ["rain", "snow"],
    overall: {
      macro_f1: { value: 0.72, low: 0.66, high: 0.77 },
      accuracy: { value: 0.7, low: 0.6, high: 0.8 },
      log_loss: { value: 0.65, low: 0.54, high: 0.78 },
    },
    by_label: {
      rain: { f1: { value: 0.8 }, support: { value: 40 } },
      snow: { f1: { value: 0.64 }, support: { value: 40 } },
    },
    confusion: [
      [30, 10],
      [14, 26],
    ],
    calibration: null,
    basis: "unseen",
    ...change,
  };
}

/** Make a model as the server lists it, judged on the test split. */
export function aModel(change: Partial<ModelInfo> = {}): ModelInfo {
  return {
    id: "m",
    name: "m1",
    kind: "model",
    scheme: "stance",
    component: "logistic",
    params: {},
    features: [],
    labels: ["rain", "snow"],
    n_train: 120,
    trained_at_seq: 1,
    corpus_fingerprint: "",
    seed: 0,
    scores: {},
    predicted_rows: null,
    predicted: {},
    training: {
      exclude_labels: [],
      dichotomise: null,
      annotators: [],
      sources: [],
      silver: null,
      n_silver: 0,
    },
    thresholds: null,
    validation: null,
    provenance: {},
    energy: null,
    exports: [],
    created_at: "2026-11-24T12:00:00Z",
    ...change,
  };
}
