import type { FeatureInfo, ModelInfo } from "@/api/schema";
import { counted, figure, percent } from "@/shared/words/number";

type Report = ModelInfo["scores"][string];

/** Where a model was tried on texts that it has not learnt from: test, or else valid. */
function heldOut({ scores }: ModelInfo): { split: string; report: Report } | null {
  for (const split of ["test", "valid"]) {
    const report = scores[split];
    if (report !== undefined) return { split, report };
  }
  return null;
}

/** Say how good a model is, and how sure that is. */
export function quality(model: ModelInfo): string {
  const tried = heldOut(model);
  if (tried === null) {
    return model.predicted_rows === null
      ? "not tried yet: let it predict"
      : "not tried: no text is annotated that it has not learnt from";
  }
  const { split, report } = tried;
  const { accuracy, macro_f1: f1 } = report.overall;
  const score = accuracy ?? f1;
  if (score?.value == null) return `no score on ${counted(report.n, `${split} text`)}`;
  const share = `${percent(score.value)}${range(score)}`;
  if (score !== accuracy) return `macro F1 ${share} on ${counted(report.n, `${split} text`)}`;
  return `agrees with ${share} of ${counted(report.n, `${split} annotation`)}`;
}

/** Write an interval in percent; none where it would say nothing. */
function range({ low, high }: Report["overall"][string]): string {
  if (low == null || high == null) return "";
  const [from, to] = [Math.round(low * 100), Math.round(high * 100)];
  return from === to ? "" : ` (${from} to ${to})`;
}

/** Return the share of held-out annotations that a model agrees with; null where it was not tried. */
export function agreement(model: ModelInfo): number | null {
  return heldOut(model)?.report.overall.accuracy?.value ?? null;
}

/** Say which texts a model has predicted. */
export function predicted({ kind, predicted_rows }: ModelInfo, rows: number): string {
  if (kind === "labeller") {
    return predicted_rows === null
      ? "no answers yet"
      : `has answered for ${figure(predicted_rows)} of ${counted(rows, "text")}`;
  }
  if (predicted_rows === null) return "no predictions yet";
  if (predicted_rows >= rows) return `has predicted all ${counted(rows, "text")}`;
  return `has predicted ${figure(predicted_rows)} of ${counted(rows, "text")}`;
}

/** Say what a feature covers. */
export function coverage({ rows, dim }: FeatureInfo, all: number): string {
  const texts = rows >= all ? counted(rows, "text") : `${figure(rows)} of ${counted(all, "text")}`;
  return `${texts}, ${counted(dim, "dimension")}`;
}

/** Sum up, in a sentence, what is there. */
export function standing(features: readonly FeatureInfo[], models: readonly ModelInfo[]): string {
  if (features.length + models.length === 0) {
    return "A feature turns each text into numbers; a model learns from those and from what is annotated, and predicts the rest.";
  }
  const have = `${counted(features.length, "feature")} and ${counted(models.length, "model")}.`;
  const best = models
    .filter((model) => agreement(model) !== null)
    .toSorted((a, b) => (agreement(b) ?? 0) - (agreement(a) ?? 0))[0];
  if (best === undefined) return have;
  return `${have} The best, ${best.name}, ${quality(best)}.`;
}
