import type { ComponentInfo, NewCorpusEstimate } from "@/api/schema";
import { isRegression, type QuestionKind } from "./answer";

/** What the form has of a question. */
export interface EstimateDraft {
  readonly kind: QuestionKind;
  readonly labels: readonly string[];
  readonly by: string | null;
  readonly covariates: readonly string[];
  /** Covariates that count as categories though they are numbers. */
  readonly categories: readonly string[];
  readonly standardise: boolean;
  /** `sample:` with its name, or which other human labels count. */
  readonly human: string | null;
  readonly leaveOut: boolean;
  /** Null: people alone. */
  readonly model: string | null;
  readonly machine: "labels" | "probabilities";
  /** In percent. */
  readonly level: number | null;
  readonly population: "corpus" | "wider";
  readonly seed: number | null;
}

export const SAMPLE = "sample:";

/** Whether an estimator does nothing without machine labels. */
export function needsMachine({ capabilities }: Pick<ComponentInfo, "capabilities">): boolean {
  return capabilities.needs_machine === true;
}

/** The estimators that go with a model, or without one. */
export function estimatorsFor(
  components: readonly ComponentInfo[],
  model: string | null,
): readonly ComponentInfo[] {
  const all = components.filter(({ kind }) => kind === "estimator");
  return model === null ? all.filter((each) => !needsMachine(each)) : all.filter(needsMachine);
}

/** Write what is sent; null while the question is not whole. */
export function requestOf(
  draft: EstimateDraft,
  estimator: string | undefined,
  params: Record<string, unknown> | null,
): NewCorpusEstimate | null {
  const { kind, human, by, covariates, level } = draft;
  if (estimator === undefined || params === null || human === null || level === null) return null;
  if (kind === "mean-by-group" && by === null) return null;
  if (isRegression(draft) && covariates.length === 0) return null;
  const sample = human.startsWith(SAMPLE) ? human.slice(SAMPLE.length) : null;
  return {
    question: {
      kind,
      labels: [...draft.labels],
      ...(kind === "mean-by-group" ? { by } : {}),
      ...(isRegression(draft)
        ? {
            covariates: covariates.map((column) => ({
              column,
              standardise: draft.standardise,
              categorical: draft.categories.includes(column),
            })),
          }
        : {}),
    },
    human: sample === null ? (human as "test-split" | "random-draws") : "drawn-sample",
    ...(sample === null ? {} : { sample }),
    nonresponse: draft.leaveOut ? "random" : "refuse",
    ...(draft.model === null ? {} : { model: draft.model }),
    machine: draft.machine,
    estimator,
    params,
    level: level / 100,
    population: draft.population,
    seed: draft.seed ?? 0,
  };
}
