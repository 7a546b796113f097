import type { Answer, Figure, Row } from "./answer";

/** Make a figure whose interval reaches 0.05 to each side. */
export function figureOf(value: number, name = "share"): Figure {
  return {
    name,
    value,
    standard_error: 0.025,
    low: value - 0.05,
    high: value + 0.05,
    level: 0.95,
    n_human: 400,
    n_machine: 7600,
    n_effective: 900,
    method: "PPI++",
    citation: "Angelopoulos 2023",
    warnings: [],
  };
}

/** Make a row of a label. */
export function aRow(label: string, value: number, name = "share"): Row {
  return {
    label,
    group: null,
    estimate: figureOf(value, name),
    correlation: 0.8,
    counted: null,
    alone: null,
  };
}

/** Make an answer about 7,600 texts. */
export function anAnswer(part: Partial<Answer> = {}): Answer {
  return {
    kind: "prevalence",
    labels: [],
    by: null,
    covariates: [],
    human: "drawn-sample",
    nonresponse: "refuse",
    machine: "probabilities",
    estimator: "ppi",
    params: {},
    level: 0.95,
    population: "corpus",
    seed: 0,
    model_name: "quick",
    sample_name: "fair",
    of: "the corpus",
    n_rows: 7600,
    rows: [aRow("Energy", 0.31)],
    notes: [],
    ...part,
  };
}
