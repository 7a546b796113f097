import type { ComponentInfo } from "@/api/schema";
import { isWrapper } from "@/shared/artefacts/strategies";
import { type Draft, draftOf, type FieldErrors, readDraft } from "@/shared/form/draft";
import { type Field, fieldsOf, type Json } from "@/shared/form/schema";
import { t } from "@/shared/words/translate";

/** A strategy as it is being chosen: which, what was put in for each, and what it changes. */
export interface StrategyDraft {
  readonly name: string;
  /** By the strategy's name: each keeps what was put in for it. */
  readonly drafts: Readonly<Record<string, Draft>>;
  /** The strategy whose order is changed; only wrappers read it. */
  readonly base: StrategyDraft | null;
}

/** A strategy by its name, with its params. */
export interface Choice {
  readonly name: string;
  readonly params: { readonly [name: string]: Json };
}

const WRAPPED: readonly string[] = ["base", "base_params"];
const LABEL_FIELDS: readonly string[] = ["label", "rare", "ignored", "labels"];

/** Return the fields of a strategy's own form: labels are chosen by name, bases elsewhere. */
export function ownFields(
  strategy: ComponentInfo | undefined,
  labels: readonly string[],
): readonly Field[] {
  return fieldsOf(strategy?.schema)
    .filter(({ name }) => !(isWrapper(strategy) && WRAPPED.includes(name)))
    .map((field) => {
      if (!LABEL_FIELDS.includes(field.name) || labels.length === 0) return field;
      if (field.kind === "several" && !field.numbers) {
        return { ...field, options: labels, named: true };
      }
      return field.kind === "text"
        ? { ...field, kind: "choice", options: labels, named: true }
        : field;
    });
}

/** Begin with a strategy and its params, as the server has them. */
export function begin(
  {
    name,
    params,
  }: { readonly name: string; readonly params: { readonly [name: string]: unknown } },
  strategies: readonly ComponentInfo[],
  labels: readonly string[],
): StrategyDraft {
  const strategy = found(strategies, name);
  return {
    name,
    drafts: { [name]: draftOf(ownFields(strategy, labels), params) },
    base: isWrapper(strategy)
      ? begin(
          { name: baseName(strategy, params), params: asParams(params.base_params) },
          strategies,
          labels,
        )
      : null,
  };
}

/** Choose another strategy; a wrapper changes what was chosen before it, where that can be. */
export function rename(
  draft: StrategyDraft,
  name: string,
  strategies: readonly ComponentInfo[],
  labels: readonly string[],
): StrategyDraft {
  const strategy = found(strategies, name);
  if (!isWrapper(strategy)) return { ...draft, name };
  if (draft.base !== null) return { ...draft, name };
  const before = found(strategies, draft.name);
  const base =
    before === undefined || isWrapper(before) || !canBeChanged(before)
      ? begin({ name: baseName(strategy, {}), params: {} }, strategies, labels)
      : { name: draft.name, drafts: draft.drafts, base: null };
  return { ...draft, name, base };
}

/** To change the order of one that reads no labels or predictions would say little. */
function canBeChanged(strategy: ComponentInfo): boolean {
  const { needs, uniform } = strategy.capabilities;
  return uniform !== true && Array.isArray(needs) && needs.length > 0;
}

function baseName(
  strategy: ComponentInfo | undefined,
  params: { readonly [name: string]: unknown },
): string {
  if (typeof params.base === "string") return params.base;
  const base = fieldsOf(strategy?.schema).find(({ name }) => name === "base");
  return typeof base?.initial === "string" ? base.initial : "breaking-ties";
}

/** Read a draft: the strategy with its params, or null while something is wrong with it. */
export function readStrategy(
  draft: StrategyDraft,
  strategies: readonly ComponentInfo[],
  labels: readonly string[],
): Choice | null {
  const strategy = found(strategies, draft.name);
  if (strategy === undefined) return null;
  const { params, errors } = readDraft(ownFields(strategy, labels), draft.drafts[draft.name] ?? {});
  if (Object.keys(errors).length > 0) return null;
  if (!isWrapper(strategy) || draft.base === null) return { name: draft.name, params };
  const base = readStrategy(draft.base, strategies, labels);
  if (base === null) return null;
  const inside = Object.keys(base.params).length === 0 ? {} : { base_params: base.params };
  return { name: draft.name, params: { ...params, base: base.name, ...inside } };
}

/** Return what is wrong with a strategy's own params. */
export function ownErrors(
  draft: StrategyDraft,
  strategies: readonly ComponentInfo[],
  labels: readonly string[],
): FieldErrors {
  const fields = ownFields(found(strategies, draft.name), labels);
  return readDraft(fields, draft.drafts[draft.name] ?? {}).errors;
}

/** Name a choice so that it can be told from others: "With random texts: Most uncertain". */
export function choiceTitle(
  {
    name,
    params,
  }: { readonly name: string; readonly params: { readonly [name: string]: unknown } },
  strategies: readonly ComponentInfo[],
): string {
  const strategy = found(strategies, name);
  const title = strategy?.title ?? name;
  const notable = [params.label, params.rare].flat().filter((each) => typeof each === "string");
  const of = notable.length === 0 ? title : `${title} (${notable.join(", ")})`;
  if (!isWrapper(strategy)) return of;
  const base = { name: baseName(strategy, params), params: asParams(params.base_params) };
  return t("{{name}}: {{value}}", { name: of, value: choiceTitle(base, strategies) });
}

function found(strategies: readonly ComponentInfo[], name: string): ComponentInfo | undefined {
  return strategies.find((each) => each.name === name);
}

function asParams(value: unknown): { readonly [name: string]: unknown } {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as { readonly [name: string]: unknown }) : {};
}
