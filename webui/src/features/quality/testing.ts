import type { AnnotatorPeriod, AnnotatorQuality, Drift, GoldText, Share } from "@/api/schema";

/** A gold text for tests. */
export function aGold(part: Partial<GoldText> = {}): GoldText {
  return {
    id: "t1",
    text: "What a lovely ban.",
    right: "con",
    attention: false,
    note: "",
    answered: 0,
    correct: 0,
    created_by: "root",
    created_at: "2026-11-26T12:00:00Z",
    ...part,
  };
}

/** A share with an interval of ten points to each side; of none, nothing is known. */
export function aShare(count: number, of: number): Share {
  if (of === 0) return { count, of, share: null, low: null, high: null };
  const share = count / of;
  return { count, of, share, low: Math.max(0, share - 0.1), high: Math.min(1, share + 0.1) };
}

/** A drift in which nothing can be told. */
export function aDrift(part: Partial<Drift> = {}): Drift {
  return {
    gold: null,
    gold_low: null,
    gold_high: null,
    others: null,
    others_low: null,
    others_high: null,
    speed: null,
    labels: null,
    labels_p: null,
    ...part,
  };
}

/** A stretch of somebody's work for tests. */
export function aPeriod(part: Partial<AnnotatorPeriod> = {}): AnnotatorPeriod {
  return {
    since: "2026-11-20T12:00:00Z",
    until: "2026-11-21T12:00:00Z",
    annotated: 10,
    seconds_median: null,
    gold: aShare(0, 0),
    others: aShare(0, 0),
    labels: {},
    ...part,
  };
}

/** How somebody codes, for tests. */
export function anAnnotator(part: Partial<AnnotatorQuality> = {}): AnnotatorQuality {
  return {
    username: "anna",
    annotated: 240,
    first_at: "2026-11-20T12:00:00Z",
    last_at: "2026-11-26T12:00:00Z",
    seconds: { n: 0, q1: null, median: null, q3: null, hasty: aShare(0, 0) },
    gold: aShare(0, 0),
    attention: aShare(0, 0),
    adjudicated: aShare(0, 0),
    others: aShare(0, 0),
    outdated: 0,
    periods: [],
    drift: null,
    ...part,
  };
}
