import type { JobView, Score } from "@/api/schema";
import { points as inPoints } from "@/shared/words/number";
import { t } from "@/shared/words/translate";

interface CurvePoint {
  readonly n: number;
  readonly score: Score;
}

/** A learning curve as its job has left it. */
export interface Drawn {
  readonly model: string;
  readonly figure: string;
  readonly points: readonly CurvePoint[];
}

/** Find the newest learning curve of a model. */
export function drawnBy(
  jobs: readonly JobView[],
  model: string,
): { readonly curve: Drawn; readonly job: JobView } | null {
  for (const job of jobs) {
    if (job.kind !== "learning-curve" || job.result?.model !== model) continue;
    if (!Array.isArray(job.result.points)) continue;
    return { curve: job.result as unknown as Drawn, job };
  }
  return null;
}

/** Say what the last stretch of a curve has brought, and whether that is sure. */
export function gaining(points: readonly CurvePoint[]): string {
  const known = points.filter(({ score }) => score.value !== null);
  const [before, last] = known.slice(-2);
  if (before === undefined || last === undefined) {
    return t("There are too few coded texts to tell what more would bring.");
  }
  const gain = (last.score.value ?? 0) - (before.score.value ?? 0);
  const says = { from: before.n, to: last.n, gain: inPoints(gain) };
  const apart =
    before.score.high != null && last.score.low != null && last.score.low > before.score.high;
  if (gain > 0 && apart) {
    return t(
      "More labels still help: from {{from}} to {{to}} texts it gained {{gain}} points, more than chance explains.",
      says,
    );
  }
  return gain > 0.01
    ? t(
        "From {{from}} to {{to}} texts it gained {{gain}} points, which may be chance: the bands overlap.",
        says,
      )
    : t("From {{from}} to {{to}} texts it gained nothing: {{gain}} points.", says);
}
