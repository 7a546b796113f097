import type { ModelInfo, Score, ScoreReport } from "@/api/schema";
import { roughly } from "@/shared/words/number";
import { language, t } from "@/shared/words/translate";
import { SPLITS, type Split } from "./search";

/** A report, and the split whose texts it is of. */
export interface Judged {
  readonly split: Split;
  readonly report: ScoreReport;
}

/** A model's reports, the split first whose texts it has not learnt from. */
export function judgements({
  scores,
  validation,
}: Pick<ModelInfo, "scores" | "validation">): readonly Judged[] {
  // Before it predicts, a model that was cross-validated has no scores and yet is judged.
  const crossed = validation?.folds?.report;
  const train: ScoreReport | undefined =
    scores.train ?? (crossed === undefined ? undefined : { ...crossed, basis: "cross-validated" });
  return SPLITS.flatMap((split) => {
    const report = split === "train" ? train : scores[split];
    return report === undefined ? [] : [{ split, report }];
  });
}

/** What a model was found to be on a split. */
export function reportOn(
  model: Pick<ModelInfo, "scores" | "validation">,
  split: Split,
): ScoreReport | undefined {
  return judgements(model).find((each) => each.split === split)?.report;
}

/** Where a model was tried on texts that it has not learnt from: test, valid, or cross-validated. */
export function heldOut(model: Pick<ModelInfo, "scores" | "validation">): Judged | null {
  return judgements(model).find(({ report }) => report.basis !== "in-sample") ?? null;
}

/** The figures by which a model is known, the first that there is. */
const MAIN = ["macro_f1", "macro_strict_f1", "strict_f1", "accuracy"];

/** The figure that a sentence names: macro F1 wherever it is defined. */
export function mainFigure({ overall }: Pick<ScoreReport, "overall">): string | null {
  return MAIN.find((name) => overall[name]?.value != null) ?? null;
}

/** The figure of a label that it is compared by. */
export function labelFigure({ by_label: byLabel = {} }: ScoreReport): string | null {
  const figures = Object.values(byLabel);
  return ["f1", "strict_f1"].find((name) => figures.some((of) => name in of)) ?? null;
}

/**
 * What macro F1 somebody would reach who guesses each label as often as it occurs.
 *
 * Precision and recall of such a guess are both the label's share. Null where shares are not known,
 * as of passages.
 */
export function chance(report: ScoreReport): number | null {
  if (report.overall.macro_f1 === undefined || report.n === 0) return null;
  const support = Object.values(report.by_label ?? {}).map((of) => of.support?.value ?? null);
  const known = support.filter((each) => each !== null && each > 0);
  if (known.length === 0) return null;
  const shares = known.map((each) => (each ?? 0) / report.n);
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** Figures that are the better the less. */
const LOSSES = ["log_loss", "brier", "calibration_error"];

export function isLoss(figure: string): boolean {
  return LOSSES.includes(figure);
}

/** Figures that are no shares, and are written as they are. */
export function isShare(figure: string): boolean {
  return !["log_loss", "brier", "mcc", "kappa", "support"].includes(figure);
}

/** Write a number with so many decimals, as the language does. */
export function decimals(value: number, digits: number): string {
  return new Intl.NumberFormat(language(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** Write a value of a figure: "0.72", as papers do. */
export function written(figure: string, value: number): string {
  if (figure === "support") return roughly(value);
  return decimals(value, Math.abs(value) >= 10 ? 1 : 2);
}

/** Write a figure with its interval: "0.72 (0.66 to 0.77)". */
export function withInterval(figure: string, { value, low, high }: Score): string {
  if (value === null) return t("undefined");
  const said = written(figure, value);
  if (low == null || high == null || low === high) return said;
  return t("{{value}} ({{low}} to {{high}})", {
    value: said,
    low: written(figure, low),
    high: written(figure, high),
  });
}

/** Figures that most people report, and the rest, of which many say the same. */
const COMMON = [
  "macro_f1",
  "macro_strict_f1",
  "strict_f1",
  "partial_f1",
  "accuracy",
  "balanced_accuracy",
  "macro_precision",
  "macro_recall",
  "macro_roc_auc",
  "macro_pr_auc",
  "kappa",
  "mcc",
];

/** Sort a report's figures: what most report first, then other scores, then losses. */
export function figures({ overall }: Pick<ScoreReport, "overall">): {
  readonly common: readonly string[];
  readonly others: readonly string[];
  readonly losses: readonly string[];
} {
  const all = Object.keys(overall);
  return {
    common: COMMON.filter((name) => all.includes(name)),
    others: all.filter((name) => !COMMON.includes(name) && !isLoss(name)),
    losses: all.filter(isLoss),
  };
}

const NAMES: Readonly<Record<string, string>> = {
  accuracy: t("Accuracy"),
  balanced_accuracy: t("Balanced accuracy"),
  mcc: t("Matthews correlation"),
  kappa: t("Cohen's kappa"),
  macro_precision: t("Macro precision"),
  macro_recall: t("Macro recall"),
  macro_f1: t("Macro F1"),
  micro_precision: t("Micro precision"),
  micro_recall: t("Micro recall"),
  micro_f1: t("Micro F1"),
  weighted_precision: t("Weighted precision"),
  weighted_recall: t("Weighted recall"),
  weighted_f1: t("Weighted F1"),
  macro_roc_auc: t("Area under ROC"),
  macro_pr_auc: t("Average precision"),
  roc_auc: t("Area under ROC"),
  pr_auc: t("Average precision"),
  log_loss: t("Log loss"),
  brier: t("Brier score"),
  calibration_error: t("Calibration error"),
  precision: t("Precision"),
  recall: t("Recall"),
  f1: t("F1"),
  support: t("Texts"),
  strict_f1: t("F1, borders and label right"),
  macro_strict_f1: t("Macro F1, borders and label right"),
  exact_f1: t("F1, borders right"),
  partial_f1: t("F1, overlapping"),
  type_f1: t("F1, label right"),
  strict_precision: t("Precision, borders and label right"),
  strict_recall: t("Recall, borders and label right"),
};

/** What a figure is called; a plugin's own is made readable. */
export function figureName(figure: string): string {
  return NAMES[figure] ?? figure.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
}

/** What a split's texts are to the model that is judged on them. */
export function basisWords({ split, report: { basis } }: Judged): string {
  if (basis === "cross-validated") {
    return t("Each text was judged by a model of this kind that had not learnt from it.");
  }
  if (basis === "in-sample") {
    return t(
      "The model has learnt from these texts: the scores say how well, and nothing of other texts.",
    );
  }
  return split === "train"
    ? t("These texts were annotated after the training: the model has learnt from none of them.")
    : t("The model has learnt from none of these texts.");
}

export function splitName(split: Split): string {
  return { test: t("test"), valid: t("valid"), train: t("train") }[split];
}

/** How good a model is, in a sentence that also says how sure that is, and what chance alone gives. */
export function verdict({ split, report }: Judged): string {
  const figure = mainFigure(report);
  const score = figure === null ? undefined : report.overall[figure];
  const texts = textsOf({ split, report });
  if (figure === null || score?.value == null) {
    return t("{{texts}}, no score is defined.", { texts });
  }
  const says = {
    texts,
    figure: inside(figureName(figure)),
    value: written(figure, score.value),
  };
  const by = figure === "macro_f1" ? chance(report) : null;
  const { low, high } = score;
  if (low == null || high == null || low === high) {
    return by === null
      ? t("{{texts}}, {{figure}} is {{value}}.", says)
      : t("{{texts}}, {{figure}} is {{value}}; by chance alone {{chance}}.", {
          ...says,
          chance: written(figure, by),
        });
  }
  const ends = { ...says, low: written(figure, low), high: written(figure, high) };
  return by === null
    ? t("{{texts}}, {{figure}} is {{value}}, between {{low}} and {{high}}.", ends)
    : t(
        "{{texts}}, {{figure}} is {{value}}, between {{low}} and {{high}}; by chance alone {{chance}}.",
        {
          ...ends,
          chance: written(figure, by),
        },
      );
}

/** Begin a name small where a sentence goes on; abbreviations stay. */
function inside(name: string): string {
  return /^\p{Lu}\p{Ll}/u.test(name) ? name.replace(/^./u, (first) => first.toLowerCase()) : name;
}

function textsOf({ split, report: { n, basis } }: Judged): string {
  if (basis === "in-sample") return t("On {{count}} texts that it learnt from", { count: n });
  if (basis === "cross-validated") return t("On {{count}} cross-validated texts", { count: n });
  return split === "test"
    ? t("On {{count}} held-out texts", { count: n })
    : t("On {{count}} texts that it has not learnt from", { count: n });
}

/** Each cell's share of its row, by which it is coloured: labels are not equally many. */
export function shares(row: readonly number[]): readonly number[] {
  const all = row.reduce((sum, each) => sum + each, 0);
  return row.map((each) => (all === 0 ? 0 : each / all));
}

/** The confusion that happens most: which label is taken for which, and how often. */
export function worstConfusion({ confusion, labels }: ScoreReport): {
  readonly said: string;
  readonly called: string;
  readonly n: number;
  readonly of: number;
} | null {
  let worst: { said: string; called: string; n: number; of: number } | null = null;
  (confusion ?? []).forEach((row, at) => {
    const of = row.reduce((sum, each) => sum + each, 0);
    row.forEach((n, to) => {
      if (at === to || n <= (worst?.n ?? 0)) return;
      worst = { said: labels[at] ?? "", called: labels[to] ?? "", n, of };
    });
  });
  return worst;
}

/** Below this a rate would be of the noise of counting. */
const WORTH_DIVIDING = 0.001;

/** A score for each kilowatt-hour of training; null where it is not known, or too little was used. */
export function perKilowattHour(
  value: number | null | undefined,
  wh: number | null | undefined,
): number | null {
  return value == null || wh == null || wh < WORTH_DIVIDING ? null : value / (wh / 1000);
}
