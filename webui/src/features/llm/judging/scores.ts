import type { LabellingInfo, Score, ScoreReport } from "@/api/schema";
import { percent } from "@/shared/words/number";

export type Split = "test" | "valid" | "train";

/** The splits, that which says most of other texts first. */
export const SPLITS: readonly Split[] = ["test", "valid", "train"];

/** The splits that a labelling was judged on. */
export function judged({ scores }: Pick<LabellingInfo, "scores">): readonly Split[] {
  return SPLITS.filter((split) => scores[split] !== undefined);
}

/** The figure that sums agreement up: the share that is right, else macro F1. */
export function mainScore(report: ScoreReport): { name: string; score: Score } | null {
  for (const name of ["accuracy", "macro_f1"]) {
    const score = report.overall[name];
    if (score?.value != null) return { name, score };
  }
  return null;
}

/** Write a share with its interval: "72 % [64–79]". */
export function bracketed({ value, low, high }: Score): string {
  if (value === null) return "";
  if (low == null || high == null) return percent(value);
  return `${percent(value)} [${Math.round(low * 100)}–${Math.round(high * 100)}]`;
}

/** A labelling on the split that it is compared on. */
export interface Judged {
  readonly labelling: LabellingInfo;
  readonly report: ScoreReport;
}

/** The labellings of a scheme that were judged, on the split that most of them share. */
export interface Comparable {
  readonly scheme: string;
  readonly split: Split;
  /** By prompt, then version: how agreement changes as a prompt is written anew. */
  readonly rows: readonly Judged[];
}

/** Put labellings together that can be compared: of one scheme, on texts of one split. */
export function comparable(labellings: readonly LabellingInfo[]): readonly Comparable[] {
  const schemes = [...new Set(labellings.map(({ scheme }) => scheme))];
  return schemes.flatMap((scheme) => {
    const own = labellings.filter((each) => each.scheme === scheme);
    const on = (split: Split): Judged[] =>
      own.flatMap((labelling) => {
        const report = labelling.scores[split];
        return report === undefined ? [] : [{ labelling, report }];
      });
    const split = SPLITS.toSorted((a, b) => on(b).length - on(a).length)[0] ?? "test";
    const rows = on(split).toSorted(
      (a, b) =>
        a.labelling.prompt.localeCompare(b.labelling.prompt) ||
        a.labelling.version - b.labelling.version ||
        a.labelling.name.localeCompare(b.labelling.name),
    );
    return rows.length === 0 ? [] : [{ scheme, split, rows }];
  });
}

/** A cell of a confusion matrix: what people say, what the model said, and of how many texts. */
export interface Cell {
  readonly truth: string;
  readonly said: string;
  readonly n: number;
  /** How much of the row it is, from 0 to 1. */
  readonly share: number;
}

/** The rows of a confusion matrix, what people say from above to below; null where there is none. */
export function confusionOf({
  labels,
  confusion,
}: Pick<ScoreReport, "labels" | "confusion">): readonly (readonly Cell[])[] | null {
  if (confusion == null || labels.length === 0) return null;
  return labels.map((truth, at) => {
    const counts = confusion[at] ?? [];
    const total = counts.reduce((a, b) => a + b, 0);
    return labels.map((said, place) => {
      const n = counts[place] ?? 0;
      return { truth, said, n, share: total === 0 ? 0 : n / total };
    });
  });
}
