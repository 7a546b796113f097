import type { FeatureInfo, ModelInfo } from "@/api/schema";
import { percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import { heldOut, type Judged } from "./reports";

/** Say how good a model is, and how sure that is. */
export function quality(model: ModelInfo): string {
  const tried = heldOut(model);
  if (tried === null) {
    return model.predicted_rows === null
      ? t("Not tried yet: let it predict")
      : t("Not tried: no text is annotated that it has not learnt from");
  }
  const { accuracy, macro_f1: f1 } = tried.report.overall;
  const count = tried.report.n;
  const score = accuracy ?? f1;
  if (score?.value == null) return t("No score on {{count}} texts", { count });
  const share = shareOf(score);
  if (score !== accuracy) return t("Macro F1 {{share}} on {{count}} texts", { share, count });
  return agreeing(tried, share);
}

function agreeing({ split, report: { n: count, basis } }: Judged, share: string): string {
  if (basis === "cross-validated") {
    return t("Agrees with {{share}} of {{count}} cross-validated annotations", { share, count });
  }
  return split === "test"
    ? t("Agrees with {{share}} of {{count}} test annotations", { share, count })
    : t("Agrees with {{share}} of {{count}} annotations that it has not learnt from", {
        share,
        count,
      });
}

/** Write a share with its interval in percent; without, where that says nothing. */
function shareOf({ value, low, high }: Judged["report"]["overall"][string]): string {
  const said = percent(value ?? 0);
  if (low == null || high == null) return said;
  const [from, to] = [Math.round(low * 100), Math.round(high * 100)];
  return from === to ? said : t("{{share}} ({{from}} to {{to}})", { share: said, from, to });
}

/** Return the share of held-out annotations that a model agrees with; null where it was not tried. */
export function agreement(model: ModelInfo): number | null {
  return heldOut(model)?.report.overall.accuracy?.value ?? null;
}

/** Say which texts of the corpus a model has predicted. */
export function predicted(n: number, rows: number): string {
  return n >= rows
    ? t("all {{count}} texts", { count: rows })
    : t("{{n}} of {{count}} texts", { n, count: rows });
}

/** Say what a feature covers. */
export function coverage({ rows, dim }: FeatureInfo, all: number): string {
  const dimensions = t("{{count}} dimensions", { count: dim });
  return rows >= all
    ? t("{{count}} texts, {{dimensions}}", { count: rows, dimensions })
    : t("{{n}} of {{count}} texts, {{dimensions}}", { n: rows, count: all, dimensions });
}

/** Sum up, in a sentence, what is there. */
export function standing(features: readonly FeatureInfo[], models: readonly ModelInfo[]): string {
  if (features.length + models.length === 0) {
    return t(
      "A feature turns each text into numbers; a model learns from those and from what is annotated, and predicts the rest.",
    );
  }
  const have = t("{{features}} and {{models}}.", {
    features: t("{{count}} features", { count: features.length }),
    models: t("{{count}} models", { count: models.length }),
  });
  const best = models
    .filter((model) => agreement(model) !== null)
    .toSorted((a, b) => (agreement(b) ?? 0) - (agreement(a) ?? 0))[0];
  if (best === undefined) return have;
  const tried = heldOut(best);
  const score = tried?.report.overall.accuracy;
  if (score === undefined) return have;
  return t("{{have}} The one that agrees most with what people say is {{name}}: {{share}}.", {
    have,
    name: best.name,
    share: shareOf(score),
  });
}
