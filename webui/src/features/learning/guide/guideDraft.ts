import type { ComponentInfo, FeatureInfo, GuideInfo, NewGuide } from "@/api/schema";
import { firstFeatures } from "@/shared/artefacts/choosing";
import { type Given, isWrapper } from "@/shared/artefacts/strategies";
import type { Json } from "@/shared/form/schema";
import {
  begin,
  type Choice,
  readStrategy,
  type StrategyDraft,
} from "@/shared/strategies/strategyDraft";

/** A guide as it is being set; its model's params are kept by the model's own form. */
export interface GuideDraft {
  readonly features: readonly string[];
  readonly model: string;
  readonly strategy: StrategyDraft;
  readonly cold: StrategyDraft;
  readonly refreshEvery: number | null;
  readonly refreshIdle: number | null;
  readonly coldLabels: number;
  readonly varied: boolean;
  readonly ensemble: number;
}

const FIRST_STRATEGY: Choice = { name: "breaking-ties", params: {} };
const FIRST_COLD: Choice = { name: "typiclust", params: {} };

/** Begin with the guide that there is, or with what is good for most. */
export function beginGuide(
  guide: GuideInfo | null,
  model: string,
  features: readonly FeatureInfo[],
  strategies: readonly ComponentInfo[],
  labels: readonly string[],
): GuideDraft {
  const known = features.map(({ name }) => name);
  const named = (choice: Choice) => begin(choice, strategies, labels);
  if (guide === null) {
    const dense = features.some(({ sparse }) => !sparse);
    return {
      features: firstFeatures(features),
      model,
      strategy: named(FIRST_STRATEGY),
      cold: named(dense ? FIRST_COLD : { name: "random", params: {} }),
      refreshEvery: 10,
      refreshIdle: 5,
      coldLabels: 2,
      varied: true,
      ensemble: 0,
    };
  }
  return {
    // A feature that was deleted since cannot be chosen again.
    features: guide.features.filter((name) => known.includes(name)),
    model: guide.model,
    strategy: named(asChoice(guide.strategy, guide.strategy_params)),
    cold: named(asChoice(guide.cold_start, guide.cold_start_params)),
    refreshEvery: guide.refresh_every === 0 ? null : guide.refresh_every,
    refreshIdle: guide.refresh_idle_seconds,
    coldLabels: guide.cold_labels,
    varied: guide.varied,
    ensemble: guide.ensemble,
  };
}

function asChoice(name: string, params: { readonly [name: string]: unknown }): Choice {
  return { name, params: params as { readonly [name: string]: Json } };
}

/** Read a draft: the guide to set, or null while something is wrong with it. */
export function readGuide(
  draft: GuideDraft,
  params: { readonly [name: string]: Json } | null,
  strategies: readonly ComponentInfo[],
  labels: readonly string[],
): NewGuide | null {
  const strategy = readStrategy(draft.strategy, strategies, labels);
  const cold = readStrategy(draft.cold, strategies, labels);
  if (strategy === null || cold === null || params === null) return null;
  if (draft.features.length === 0 || draft.model === "") return null;
  return {
    features: [...draft.features],
    model: draft.model,
    params,
    strategy: strategy.name,
    strategy_params: strategy.params,
    refresh_every: draft.refreshEvery ?? 0,
    refresh_idle_seconds: draft.refreshIdle,
    cold_start: cold.name,
    cold_start_params: cold.params,
    cold_labels: draft.coldLabels,
    varied: draft.varied,
    ensemble: draft.ensemble,
  };
}

/** Return a guide as it would be set again, but for what `change` says. */
export function asNewGuide(guide: GuideInfo, change: Partial<NewGuide> = {}): NewGuide {
  const { features, model, params, strategy, strategy_params, varied, ensemble } = guide;
  const { refresh_every, refresh_idle_seconds } = guide;
  const { cold_start, cold_start_params, cold_labels } = guide;
  return {
    ...{ features, model, params, strategy, strategy_params, varied, ensemble },
    ...{ refresh_every, refresh_idle_seconds, cold_start, cold_start_params, cold_labels },
    ...change,
  };
}

/** What a guide's strategies can read. */
export function given(
  draft: Pick<GuideDraft, "features" | "ensemble">,
  features: readonly FeatureInfo[],
  models: number,
): Given {
  const dense = features.filter(({ sparse }) => !sparse).map(({ name }) => name);
  return {
    guide: true,
    embeddings: draft.features.some((name) => dense.includes(name)),
    committee: draft.ensemble >= 2 || models >= 2,
    llm: false,
  };
}

/** Return the strategies that fit a purpose and are not wrappers. */
export function plainOnes(strategies: readonly ComponentInfo[]): readonly ComponentInfo[] {
  return strategies.filter((each) => !isWrapper(each));
}
