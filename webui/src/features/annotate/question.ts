import type { NextQuery } from "@/api/schema";
import { t } from "@/shared/words/translate";

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
  /** The drawn sample that texts come from, in the order in which they were drawn. */
  readonly drawn?: string;
}

export const SAMPLES = {
  untagged: t("not coded yet"),
  not_by_me: t("not coded by me"),
  tagged: t("coded"),
  commented: t("with a comment"),
  flagged: t("flagged"),
  disagreed: t("disagreed on"),
  prediction_differs: t("guide differs"),
  outdated: t("my outdated answers"),
  all: t("all texts"),
} as const;

export type SampleKind = keyof typeof SAMPLES;

export const FIRST_QUESTION: Question = { sample: "untagged", strategy: null, label: null };

/** How many texts to ask for at once. */
const BATCH = 5;

/** Phrase a user's question for the server. */
export function nextQuery(
  { sample, strategy, label, text = null, suggestions = false, drawn }: Question,
  user: string,
  also: readonly string[] = [],
): NextQuery {
  // Until it is written what texts are to be like, the order stays as it was by itself.
  const chosen = text === "" ? null : strategy;
  const params = { ...(label === null ? {} : { label }), ...(text === null ? {} : { text }) };
  return {
    sample: { kind: sample, ...(sample === "outdated" ? { by: user } : {}) },
    strategy: chosen,
    params: chosen === null ? {} : params,
    n: BATCH,
    suggestions,
    ...(drawn === undefined ? {} : { filter: { drawn_sample: drawn } }),
    ...(also.length === 0 ? {} : { also: [...also] }),
  };
}

/** What the address of the page says of the texts to begin with, whatever was asked for last. */
export interface AskedSearch {
  readonly drawn?: string;
  readonly strategy?: string;
}

/** Read an address, leaving out what it cannot mean. */
export function readAsked(search: Readonly<Record<string, unknown>>): AskedSearch {
  const { drawn, strategy } = search;
  const text = (value: unknown) =>
    typeof value === "number" || (typeof value === "string" && value !== "");
  return {
    ...(text(drawn) ? { drawn: String(drawn) } : {}),
    ...(text(strategy) ? { strategy: String(strategy) } : {}),
  };
}

/** What an address asks for; null where it says nothing. */
export function askedByAddress({ drawn, strategy }: AskedSearch): Question | null {
  if (drawn !== undefined) return { ...FIRST_QUESTION, drawn };
  return strategy === undefined ? null : { ...FIRST_QUESTION, strategy };
}
