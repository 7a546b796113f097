import type { ComponentInfo, NewSimulation, SchemeInfo } from "@/api/schema";
import type { Given } from "@/shared/artefacts/strategies";
import { lacks, suits } from "@/shared/artefacts/strategies";
import { begin, type StrategyDraft } from "@/shared/strategies/strategyDraft";

/** How a simulation runs. */
export type Plan = Required<
  Pick<NewSimulation, "start" | "batch" | "rounds" | "seeds" | "metric" | "target" | "test_share">
>;

const ROUNDS = 20;
const SEEDS = 5;
const TEST_SHARE = 0.3;

/** Below this many labels a simulation says next to nothing. */
export const LEAST = 60;

/** Return how many texts of a scheme have a label that can be replayed. */
export function labelled({ annotated: { train, valid, test } }: SchemeInfo): number {
  return train + valid + test;
}

/** Begin with steps that fit what is labelled: 25 and 20 times 25, or fewer and smaller ones. */
export function firstPlan(labels: number): Plan {
  const toAsk = Math.floor(labels * (1 - TEST_SHARE));
  const batch = Math.max(5, Math.min(25, Math.floor(toAsk / (ROUNDS + 1) / 5) * 5));
  const rounds = Math.max(1, Math.min(ROUNDS, Math.floor(toAsk / batch) - 1));
  return {
    start: batch,
    batch,
    rounds,
    seeds: SEEDS,
    metric: "macro_f1",
    target: null,
    test_share: TEST_SHARE,
  };
}

/** Return how many labels a plan comes to. */
export function reach({ start, batch, rounds }: Pick<Plan, "start" | "batch" | "rounds">): number {
  return start + batch * rounds;
}

const FIRST = ["breaking-ties", "max-entropy", "diverse", "adaptive-multilabel", "typiclust"];
const MOST_FIRST = 3;

/** The strategies to begin with: the guide's, and what is good for most. Random is always there. */
export function firstStrategies(
  scheme: SchemeInfo,
  strategies: readonly ComponentInfo[],
  given: Given,
): readonly StrategyDraft[] {
  const labels = scheme.labels.map(({ name }) => name);
  const fits = (name: string) => {
    const found = strategies.find((each) => each.name === name);
    return found !== undefined && suits(found, scheme.type) && lacks(found, given) === null;
  };
  const { guide } = scheme;
  const own = guide !== null && guide.strategy !== "random" && fits(guide.strategy) ? [guide] : [];
  const others = FIRST.filter((name) => fits(name) && name !== own[0]?.strategy);
  return [
    ...own.map(({ strategy: name, strategy_params: params }) => ({ name, params })),
    ...others.map((name) => ({ name, params: {} })),
  ]
    .slice(0, MOST_FIRST)
    .map((choice) => begin(choice, strategies, labels));
}

/** Whether a strategy can be replayed at all: nobody asks, and no LLM answers, in a simulation. */
export function canBeSimulated(strategy: ComponentInfo): boolean {
  const { needs, uses } = strategy.capabilities;
  const reads = [needs, uses].flatMap((each) => (Array.isArray(each) ? each.map(String) : []));
  return !reads.includes("llm") && !reads.includes("query") && strategy.name !== "random";
}
