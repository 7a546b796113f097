import type { JobView } from "@/api/schema";
import { points, roughly } from "@/shared/words/number";
import { t } from "@/shared/words/translate";

/** A figure of two labellings of the same texts; `difference` is second less first. */
export interface Difference {
  readonly first: number | null;
  readonly second: number | null;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly p: number | null;
}

/** What a comparison has come to. */
export interface Comparison {
  readonly first: string;
  readonly second: string;
  readonly split: string;
  readonly first_basis: string;
  readonly second_basis: string;
  readonly report: {
    readonly n: number;
    readonly overall: Readonly<Record<string, Difference>>;
    readonly by_label: Readonly<Record<string, Readonly<Record<string, Difference>>>>;
    readonly mcnemar: {
      readonly only_first: number;
      readonly only_second: number;
      readonly p: number;
    } | null;
  };
}

/** Read a job's result; null where it is none of a comparison. */
export function comparisonOf({ result }: Pick<JobView, "result">): Comparison | null {
  const found = result as Partial<Comparison> | null;
  return found?.report?.overall === undefined ? null : (found as Comparison);
}

/** The differences that are drawn: the main figure, macro F1, then F1 label by label. */
export function differencesOf({ report }: Comparison): readonly (Difference & {
  readonly key: string;
  readonly name: string;
})[] {
  const all = [
    ...(["accuracy", "macro_f1"] as const).map((key) => ({
      key,
      name: key === "accuracy" ? t("Share right") : t("Macro F1"),
      found: report.overall[key],
    })),
    ...Object.entries(report.by_label ?? {}).map(([label, scores]) => ({
      key: `label ${label}`,
      name: t("F1 of {{label}}", { label }),
      found: scores.f1,
    })),
  ];
  return all.flatMap(({ key, name, found }) =>
    found?.difference == null ? [] : [{ ...found, key, name }],
  );
}

interface Names {
  readonly first: string;
  readonly second: string;
}

/** Say which of two is better, or that nobody can tell. */
export function verdict(comparison: Comparison, { first, second }: Names): string {
  const { overall, n } = comparison.report;
  const main = overall.accuracy ?? overall.macro_f1;
  if (main?.difference == null) {
    return t("On {{count}} texts the two cannot be told apart: no figure is defined for both.", {
      count: n,
    });
  }
  const { difference, low, high } = main;
  const sure = low !== null && high !== null && (low > 0 || high < 0);
  const [better, worse] = difference >= 0 ? [second, first] : [first, second];
  const ends = [low, high].map((end) => Math.abs(end ?? 0)).toSorted((a, b) => a - b);
  const values = {
    better,
    worse,
    points: points(Math.abs(difference)).replace("+", ""),
    low: points(ends[0] ?? 0).replace("+", ""),
    high: points(ends[1] ?? 0).replace("+", ""),
  };
  return sure
    ? t(
        "On {{count}} texts {{better}} is {{points}} points better than {{worse}} ({{low}} to {{high}}).",
        { ...values, count: n },
      )
    : t(
        "On {{count}} texts {{better}} is {{points}} points better than {{worse}}, which may be chance: the interval contains 0.",
        { ...values, count: n },
      );
}

/** Say of how many texts only one is right; empty where that was not tested. */
export function onlyOne({ report }: Comparison, { first, second }: Names): string {
  if (report.mcnemar === null) return "";
  const { only_first, only_second, p } = report.mcnemar;
  return t("Only {{first}} has {{one}} right, only {{second}} {{other}} (McNemar, p {{p}}).", {
    first,
    second,
    one: only_first,
    other: only_second,
    p: p < 0.001 ? "< 0.001" : `= ${roughly(p)}`,
  });
}
