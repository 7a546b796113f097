import type { DrawPlan, EstimatorPlans } from "@/api/schema";
import type { PlanWish } from "./api";

/** A plan as the form has it: shares and points in percent. */
export interface PlanDraft {
  readonly share: number | null;
  readonly half: number | null;
  readonly good: number | null;
  readonly level: number | null;
}

/** Write what is asked of the server; null while something is missing or cannot be. */
export function planWish({ share, half, good, level }: PlanDraft): PlanWish | null {
  if (share === null || half === null || good === null || level === null) return null;
  if (!(share > 0 && share < 100 && half >= 0.01 && half < 50)) return null;
  if (!(good >= -1 && good <= 1 && level > 50 && level < 100)) return null;
  return {
    prevalence: tidy(share / 100),
    half_width: tidy(half / 100),
    correlation: good,
    level: tidy(level / 100),
  };
}

/** 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(10));
}

type Plan = EstimatorPlans["plans"][number];

/** Estimators that need as many labels of the same design, as one line. */
export function together(
  plans: readonly Plan[],
): readonly (Omit<Plan, "estimator"> & { readonly estimators: readonly string[] })[] {
  const found = new Map<string, Omit<Plan, "estimator"> & { estimators: string[] }>();
  for (const { estimator, ...plan } of plans) {
    const key = JSON.stringify([plan.design, plan.n_human, plan.note]);
    const line = found.get(key) ?? { ...plan, estimators: [] };
    line.estimators.push(estimator);
    found.set(key, line);
  }
  return [...found.values()];
}

/** A sample as the form has it. */
export interface DrawDraft {
  readonly n: number | null;
  readonly split: NonNullable<DrawPlan["split"]>;
  /** What strata go by: a column (`column:` and its name), a model (`model:`), or nothing. */
  readonly strata: string;
  readonly allocation: NonNullable<DrawPlan["allocation"]>;
  readonly least: number | null;
  readonly seed: number | null;
}

export const COLUMN = "column:";
export const MODEL = "model:";

/** Write the plan of a draw; null while the number is missing. */
export function drawPlan(draft: DrawDraft): DrawPlan | null {
  const { n, split, strata, allocation, least, seed } = draft;
  if (n === null || n < 1) return null;
  const by = stratifiedBy(strata);
  return {
    n,
    split,
    ...by,
    ...(Object.keys(by).length === 0 ? {} : { allocation, least: least ?? 2 }),
    seed: seed ?? 0,
  };
}

function stratifiedBy(strata: string): { column?: string; model?: string } {
  if (strata.startsWith(COLUMN)) return { column: strata.slice(COLUMN.length) };
  return strata.startsWith(MODEL) ? { model: strata.slice(MODEL.length) } : {};
}
