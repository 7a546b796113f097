import type { ComponentInfo, NextQuery } from "@/api/schema";

/** Which texts are asked for, and in what order. */
export interface Question {
  readonly sample: SampleKind;
  /** A strategy's name, or null for the guide's (random where there is no guide). */
  readonly strategy: string | null;
  /** The label that a strategy such as max probability needs. */
  readonly label: string | null;
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
export function nextQuery(question: Question): NextQuery {
  const { sample, strategy, label } = question;
  return {
    sample: { kind: sample },
    strategy,
    params: strategy !== null && label !== null ? { label } : {},
    n: BATCH,
  };
}

/** Whether a strategy's params name a label. */
export function asksLabel(strategy: ComponentInfo | undefined): boolean {
  const properties: unknown = strategy?.schema.properties;
  return typeof properties === "object" && properties !== null && "label" in properties;
}

/** Whether a strategy can only order texts that a guide has predicted. */
export function needsGuide(strategy: ComponentInfo): boolean {
  const needs: unknown = strategy.capabilities.needs;
  return Array.isArray(needs) && needs.includes("probabilities");
}
