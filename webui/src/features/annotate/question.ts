import type { Filter, NextQuery, Sample } from "@/api/schema";
import {
  asked,
  kindOfSample,
  readFilter,
  type SampleKind,
  type TextFilter,
  textIn,
  withSample,
} from "@/shared/filter/filter";
import type { Json } from "@/shared/form/schema";
import { t } from "@/shared/words/translate";

export type Params = { readonly [name: string]: Json };

/** Which texts are asked for, and in what order. */
export interface Question extends TextFilter {
  /** A strategy's name, or null for the guide's (random where there is no guide). */
  readonly strategy: string | null;
  /** What the strategy is told, such as the label or the text to look for. */
  readonly params?: Params;
  /** The model or labelling whose answers to show, before one has judged oneself. */
  readonly suggestedBy?: string;
  /** The drawn sample that texts come from, in the order in which they were drawn. */
  readonly drawn?: string;
}

/** The texts that are meant where nothing else is said. */
export const USUAL: SampleKind = "untagged";

/** Samples that are offered here; others come with an address or a condition. */
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
} as const satisfies { readonly [K in SampleKind]?: string };

export const FIRST_QUESTION: Question = { strategy: null };

/** How many texts to ask for at once. */
const BATCH = 5;

/** The sample that a question asks for. */
export function sampleOf(question: Question): SampleKind {
  return kindOfSample(question, USUAL);
}

/** Whether a strategy still waits for the text that others are to be like. */
export function awaitsText({ params }: Question): boolean {
  return params?.text === "";
}

/** Phrase a user's question for the server. */
export function nextQuery(
  question: Question,
  user: string,
  also: readonly string[] = [],
): NextQuery {
  const { params = {}, suggestedBy, drawn, split } = question;
  // Until it is written what texts are to be like, the order stays as it was by itself.
  const strategy = awaitsText(question) ? null : question.strategy;
  const { sample, filter } = askedBy(question, user);
  const narrowed = drawn === undefined ? filter : { drawn_sample: drawn };
  return {
    sample,
    strategy,
    params: strategy === null ? {} : { ...params },
    n: BATCH,
    ...(suggestedBy === undefined ? {} : { suggested_by: suggestedBy }),
    ...(split === undefined ? {} : { split }),
    ...(narrowed === undefined ? {} : { filter: narrowed }),
    ...(also.length === 0 ? {} : { also: [...also] }),
  };
}

/** Phrase which texts are asked for, whatever their order; no filter where nothing is filtered. */
export function askedBy(
  question: Question,
  user: string,
): { readonly sample: Sample; readonly filter?: Filter } {
  const { sample, filter } = asked(question, USUAL);
  const filtered = question.regex ?? question.region ?? question.where ?? question.rows;
  return {
    // One's own answers are what one is asked to look at again.
    sample: sample.kind === "outdated" ? { by: user, ...sample } : sample,
    ...(filtered === undefined ? {} : { filter }),
  };
}

/** What the address of the page says of the texts, whatever was asked for last. */
export interface AskedSearch extends TextFilter {
  readonly drawn?: string;
  readonly strategy?: string;
  readonly params?: Params;
}

/** Read an address, leaving out what it cannot mean. */
export function readAsked(search: Readonly<Record<string, unknown>>): AskedSearch {
  const { params } = search;
  const strategy = textIn(search, "strategy");
  const told = strategy.strategy !== undefined && isParams(params) ? { params } : {};
  return { ...readTexts(search), ...textIn(search, "drawn"), ...strategy, ...told };
}

function readTexts(search: Readonly<Record<string, unknown>>): TextFilter {
  const filter = readFilter(search, USUAL);
  const sample = kindOfSample(filter, USUAL);
  // What would ask for a label and has none asks for nothing; a label of other samples is not heeded.
  const meant = sample === "predicted_as" && filter.label === undefined ? USUAL : sample;
  return withSample(filter, meant, USUAL);
}

function isParams(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What an address asks for; null where it says nothing. */
export function askedByAddress(search: AskedSearch): Question | null {
  const { drawn, strategy, params } = search;
  if (drawn !== undefined) return { ...FIRST_QUESTION, drawn };
  const filter = readTexts({ ...search });
  if (strategy === undefined && Object.keys(filter).length === 0) return null;
  return { ...filter, strategy: strategy ?? null, ...(params === undefined ? {} : { params }) };
}

/** Say a question in an address, so that somebody else is asked the same. */
export function inAddress({ strategy, suggestedBy: _, ...rest }: Question): AskedSearch {
  const { params, ...texts } = rest;
  if (strategy === null) return texts;
  return { ...texts, strategy, ...(params === undefined ? {} : { params }) };
}

/**
 * The same sample in the same order, all of it.
 *
 * It is what is remembered for the next visit: whoever comes back tomorrow would miss the texts that
 * a filter keeps away.
 */
export function withoutFilter(question: Question): Question {
  const { strategy, params, suggestedBy } = question;
  const { sample } = readTexts({ sample: question.sample });
  return {
    strategy,
    ...(sample === undefined ? {} : { sample }),
    ...(params === undefined ? {} : { params }),
    ...(suggestedBy === undefined ? {} : { suggestedBy }),
  };
}
