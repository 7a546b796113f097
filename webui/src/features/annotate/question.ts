import type { NextQuery } from "@/api/schema";

/** Which texts are asked for, and in what order. */
export interface Question {
  readonly sample: SampleKind;
  /** A strategy's name, or null for the guide's (random where there is no guide). */
  readonly strategy: string | null;
  /** The label that a strategy such as max probability needs. */
  readonly label: string | null;
  /** The text that others are to be like, for a strategy that looks for them. */
  readonly text?: string | null;
  /** Whether to show what an LLM answers, before one has judged oneself. */
  readonly suggestions?: boolean;
}

export const SAMPLES = {
  untagged: "not coded yet",
  not_by_me: "not coded by me",
  tagged: "coded",
  commented: "with a comment",
  disagreed: "disagreed on",
  prediction_differs: "guide differs",
  all: "all texts",
} as const;

export type SampleKind = keyof typeof SAMPLES;

export const FIRST_QUESTION: Question = { sample: "untagged", strategy: null, label: null };

/** How many texts to ask for at once. */
const BATCH = 5;

/** Phrase the question for the server. */
export function nextQuery({
  sample,
  strategy,
  label,
  text = null,
  suggestions = false,
}: Question): NextQuery {
  // Until it is written what texts are to be like, the order stays as it was by itself.
  const chosen = text === "" ? null : strategy;
  const params = { ...(label === null ? {} : { label }), ...(text === null ? {} : { text }) };
  return {
    sample: { kind: sample },
    strategy: chosen,
    params: chosen === null ? {} : params,
    n: BATCH,
    suggestions,
  };
}
