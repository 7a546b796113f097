import type { ComponentInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";

/** What strategies may need, as capabilities name it. */
function needsOf(strategy: ComponentInfo): readonly string[] {
  const { needs } = strategy.capabilities;
  return Array.isArray(needs) ? needs.map(String) : [];
}

function needs(strategy: ComponentInfo, ...all: string[]): boolean {
  const own = needsOf(strategy);
  return all.every((need) => own.includes(need));
}

/** Whether a strategy changes the order of another one, which its param `base` names. */
export function isWrapper(strategy: ComponentInfo | undefined): boolean {
  return strategy !== undefined && needs(strategy, "base");
}

/** Whether a strategy's params name a label. */
export function asksLabel(strategy: ComponentInfo | undefined): boolean {
  const properties: unknown = strategy?.schema.properties;
  return typeof properties === "object" && properties !== null && "label" in properties;
}

/** Whether a strategy looks for texts that are like one that its params give. */
export function asksText(strategy: ComponentInfo | undefined): boolean {
  const uses: unknown = strategy?.capabilities.uses;
  return Array.isArray(uses) && uses.includes("query");
}

/** Whether a strategy is for schemes of this type; most are for any. */
export function suits(strategy: ComponentInfo, schemeType: string): boolean {
  const types = strategy.capabilities.scheme_types;
  return !Array.isArray(types) || types.length === 0 || types.includes(schemeType);
}

/** Whether a strategy can begin where nothing is labelled yet. */
export function startsCold(strategy: ComponentInfo): boolean {
  return needsOf(strategy).every((need) => need === "embeddings" || need === "candidates");
}

/** What there is for strategies to read. */
export interface Given {
  readonly guide: boolean;
  /** Whether a feature of the guide is dense. */
  readonly embeddings: boolean;
  /** Whether several models say something of each text. */
  readonly committee: boolean;
  readonly llm: boolean;
}

/** Say what a strategy lacks here; null where it can work. */
export function lacks(strategy: ComponentInfo, given: Given): string | null {
  const own = needsOf(strategy);
  if (own.includes("llm") && !given.llm) return t("needs what an LLM says of the texts");
  if (own.includes("committee") && !given.committee) {
    return t("needs an ensemble or several models");
  }
  if (own.includes("embeddings") && !given.embeddings) {
    return t("needs a feature that is not sparse");
  }
  const learnt = own.includes("probabilities") || own.includes("held_out");
  return learnt && !given.guide ? t("needs a guide") : null;
}

const GROUPS = [
  t("Uncertain"),
  t("Uncertain and different"),
  t("Covering the corpus"),
  t("Looking for a label"),
  t("Several labels a text"),
  t("Several opinions"),
  t("Reviewing"),
  t("Without a model"),
  t("Changing another strategy"),
] as const;

type Group = (typeof GROUPS)[number];

/** Sort strategies into groups that a reader can choose by. Groups follow from what is declared. */
export function grouped(
  strategies: readonly ComponentInfo[],
): readonly { readonly group: string; readonly strategies: readonly ComponentInfo[] }[] {
  return GROUPS.map((group) => ({
    group,
    strategies: strategies.filter((each) => groupOf(each) === group),
  })).filter(({ strategies: found }) => found.length > 0);
}

function groupOf(strategy: ComponentInfo): Group {
  if (isWrapper(strategy)) return t("Changing another strategy");
  const types = strategy.capabilities.scheme_types;
  if (Array.isArray(types) && types.length > 0) return t("Several labels a text");
  if (needs(strategy, "llm") || needs(strategy, "committee")) return t("Several opinions");
  if (asksLabel(strategy)) return t("Looking for a label");
  if (needs(strategy, "probabilities", "embeddings")) return t("Uncertain and different");
  if (needs(strategy, "embeddings")) return t("Covering the corpus");
  if (needs(strategy, "probabilities", "labelled")) return t("Reviewing");
  return needs(strategy, "probabilities") ? t("Uncertain") : t("Without a model");
}

/** The title of a strategy, or its name where it is not installed (any more). */
export function strategyTitle(strategies: readonly ComponentInfo[], name: string): string {
  return strategies.find((each) => each.name === name)?.title ?? name;
}
