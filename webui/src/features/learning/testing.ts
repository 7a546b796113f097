import type {
  GuideBelief,
  GuideInfo,
  RuleAdvice,
  SimulatedStrategy,
  SimulationReport,
  StoppingAdvice,
} from "@/api/schema";

/** Make what a guide believes: of the demo's six topics, at its eighth refresh. */
export function aBelief(change: Partial<GuideBelief> = {}): GuideBelief {
  return {
    at: "2026-11-24T12:00:00Z",
    share: {
      transport: 0.31,
      housing: 0.22,
      parks: 0.155,
      waste: 0.14,
      safety: 0.095,
      culture: 0.08,
    },
    share_before: {
      transport: 0.36,
      housing: 0.2,
      parks: 0.15,
      waste: 0.16,
      safety: 0.05,
      culture: 0.08,
    },
    uncertainty: 0.42,
    uncertainty_before: 0.47,
    changed: 0.089,
    kappa: 0.91,
    flows: [
      { from_label: "transport", to_label: "safety", rows: 14 },
      { from_label: "waste", to_label: "housing", rows: 9 },
      { from_label: "transport", to_label: "parks", rows: 5 },
      { from_label: "safety", to_label: "culture", rows: 2 },
    ],
    ...change,
  };
}

/** Make a guide that has learnt. */
export function aGuide(change: Partial<GuideInfo> = {}): GuideInfo {
  return {
    features: ["tfidf"],
    model: "logistic",
    params: {},
    strategy: "breaking-ties",
    strategy_params: {},
    refresh_every: 10,
    refresh_idle_seconds: 5,
    cold_start: "typiclust",
    cold_start_params: {},
    cold_labels: 2,
    varied: true,
    ensemble: 0,
    state: "fresh",
    version: 8,
    trained_at_seq: 190,
    n_train: 112,
    agreed: 83,
    compared: 100,
    message: "",
    cold: null,
    belief: aBelief(),
    ...change,
  };
}

function curve(at: (n: number) => number, width: (n: number) => number) {
  return Array.from({ length: 9 }, (_, step) => 20 + step * 12).map((x) => ({
    x,
    y: at(x),
    low: at(x) - width(x),
    high: at(x) + width(x),
  }));
}

/** Make a rule's advice. */
export function aRule(change: Partial<RuleAdvice> = {}): RuleAdvice {
  return {
    name: "stabilising-predictions",
    title: "Stabilising predictions",
    summary: "Whether the guide still changes its mind (Bloodgood and Vijay-Shanker 2009)",
    verdict: "go-on",
    sentence:
      "Over the last 3 refreshes the guide agreed with itself at kappa 0.94; from 0.99 on it would have settled.",
    evidence: [
      {
        name: "Agreement with the refresh before",
        unit: "",
        threshold: 0.99,
        points: curve(
          (n) => 1 - 9 / (n + 8),
          () => 0,
        ).map(({ x, y }) => ({ x, y, low: null, high: null })),
      },
    ],
    figures: { "Kappa, last 3 refreshes": { value: 0.94, low: 0.91, high: 0.97 } },
    ...change,
  };
}

/** Make stopping advice of every verdict. */
export function someAdvice(): StoppingAdvice {
  return {
    n_train: 112,
    version: 8,
    message: "",
    rules: [
      aRule(),
      aRule({
        name: "plateau",
        title: "Plateau",
        summary: "Whether the score has stopped rising",
        verdict: "could-stop",
        sentence:
          "From 80 to 112 labels macro F1 rose by 0.3 points (-0.9 to 1.4): no rise can be seen.",
        evidence: [
          {
            name: "Macro F1, cross-validated",
            unit: "",
            threshold: null,
            points: curve(
              (n) => 0.82 - 8 / (n + 2),
              (n) => 1 / Math.sqrt(n) / 2,
            ),
          },
        ],
        figures: {
          "Macro F1": { value: 0.75, low: 0.7, high: 0.79 },
          "Rise over the last 32 labels": { value: 0.003, low: -0.009, high: 0.014 },
        },
      }),
      aRule({
        name: "expected-gain",
        title: "Expected gain",
        summary: "What the next 100 labels would add, from the learning curve",
        verdict: "too-early",
        sentence: "A learning curve needs at least 150 labels; there are 112.",
        evidence: [],
        figures: {},
      }),
    ],
  };
}

function aResult(
  name: string,
  title: string,
  top: number,
  speed: number,
  change: Partial<SimulatedStrategy> = {},
): SimulatedStrategy {
  const points = Array.from({ length: 13 }, (_, step) => 25 + step * 25).map((n) => {
    const mean = top - 0.45 * Math.exp(-n / speed);
    const width = 0.05 * Math.exp(-n / 220);
    return { n, mean, low: mean - width, high: mean + width };
  });
  const last = points.at(-1);
  return {
    name,
    title,
    params: {},
    points,
    area: { value: top - 0.08, low: top - 0.09, high: top - 0.07 },
    gain: { value: 0.021, low: 0.004, high: 0.038 },
    labels_for_target: { value: 150, low: 128, high: 172 },
    reached: 5,
    order_ms: 4.2,
    by_seed: [],
    final: { value: last?.mean ?? 0, low: last?.low ?? 0, high: last?.high ?? 0 },
    ...change,
  };
}

/** Make the report of a simulation of four strategies. */
export function aReport(change: Partial<SimulationReport> = {}): SimulationReport {
  return {
    id: "5f3a91c2",
    name: "Which strategy for topics?",
    scheme: "coded-before",
    created_at: "2026-11-24T12:00:00Z",
    metric: "macro_f1",
    features: ["tfidf"],
    model: "logistic",
    params: {},
    n_rows: 360,
    n_test: 108,
    seeds: 5,
    seed: 0,
    start: 25,
    batch: 25,
    rounds: 12,
    target: 0.7,
    whole: { value: 0.8, low: 0.78, high: 0.82 },
    notes: [],
    strategies: [
      aResult("random", "At random", 0.77, 120, {
        gain: null,
        labels_for_target: { value: 221, low: 190, high: 252 },
      }),
      aResult("breaking-ties", "Between two labels", 0.79, 85),
      aResult("badge", "Diverse gradients (BADGE)", 0.785, 95, {
        gain: { value: 0.012, low: -0.003, high: 0.027 },
        labels_for_target: { value: 172, low: 150, high: 194 },
        order_ms: 38,
      }),
      aResult("core-set", "Farthest away (core-set)", 0.75, 140, {
        gain: { value: -0.018, low: -0.03, high: -0.006 },
        labels_for_target: null,
        reached: 0,
        order_ms: 12,
      }),
    ],
    ...change,
  };
}
