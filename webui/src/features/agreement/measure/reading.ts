import type { AgreementView, Coefficient } from "@/api/schema";
import { percent } from "@/shared/words/number";
import { language, t } from "@/shared/words/translate";

/** The name of a coefficient as people know it. */
export function measureName(measure: string): string {
  switch (measure) {
    case "percent":
      return t("Share of agreement");
    case "specific":
      return t("Agreement on this label");
    case "alpha":
      return t("Krippendorff’s alpha");
    case "alpha_ordinal":
      return t("alpha, ordinal");
    case "alpha_interval":
      return t("alpha, interval");
    case "alpha_jaccard":
      return t("alpha, Jaccard distance");
    case "alpha_masi":
      return t("alpha, MASI distance");
    case "alpha_u":
      return t("alpha for passages");
    case "cohen_kappa":
      return t("Cohen’s kappa");
    case "fleiss_kappa":
      return t("Fleiss’ kappa");
    case "scott_pi":
      return t("Scott’s pi");
    case "ac1":
      return t("Gwet’s AC1");
    case "ac2":
      return t("Gwet’s AC2");
    case "gamma":
      return t("Gamma");
    case "f1_exact":
      return t("F1, exact passages");
    case "f1_overlap":
      return t("F1, overlapping passages");
    default:
      return measure;
  }
}

/** Coefficients without a correction for chance: they do not say how well people agree. */
const PLAIN: readonly string[] = ["percent", "specific", "f1_exact", "f1_overlap"];

/** The coefficient that stands for all: the first with a value that is corrected for chance. */
export function mainMeasure(overall: Readonly<Record<string, Coefficient>>): string | null {
  const names = Object.keys(overall);
  const known = names.filter((name) => overall[name]?.value != null);
  // Alphas first: they fit any number of coders.
  const corrected = known.filter((name) => !PLAIN.includes(name));
  return corrected.find((name) => name.startsWith("alpha")) ?? corrected[0] ?? known[0] ?? null;
}

/** Write a coefficient to two places. */
export function two(value: number): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(language(), digits).format(value);
}

/** Write a coefficient with its interval; shares as shares. */
export function written(measure: string, { value, low, high }: Coefficient): string {
  if (value === null) return t("undefined");
  const write = PLAIN.includes(measure) ? percent : two;
  if (low == null || high == null) return write(value);
  return t("{{value}}, 95 % {{low}} to {{high}}", {
    value: write(value),
    low: write(low),
    high: write(high),
  });
}

type Seen = Pick<AgreementView, "overall" | "pairable">;

/** Say in a sentence how far coders agree; null where no coefficient has a value. */
export function sentence({ overall, pairable }: Seen): string | null {
  const measure = mainMeasure(overall);
  const found = measure === null ? undefined : overall[measure];
  if (measure === null || found?.value == null) return null;
  const figure = `${measureName(measure)} ${written(measure, found)}`;
  return t("{{verdict}}: {{figure}}, on {{count}} texts with two coders or more.", {
    verdict: PLAIN.includes(measure) ? t("Coders agree in part") : verdict(found.value),
    figure,
    count: pairable,
  });
}

function verdict(value: number): string {
  if (value <= 0) return t("Coders agree no more than chance would");
  if (value < 0.41) return t("Coders agree weakly");
  if (value < 0.667) return t("Coders agree moderately");
  if (value < 0.8) return t("Coders agree fairly well");
  return t("Coders agree well");
}

/** Why coefficients have no value, each reason once with all that it holds for. */
export function reasons(
  named: readonly (readonly [string, Coefficient])[],
): readonly { readonly names: readonly string[]; readonly reason: string }[] {
  const all = new Map<string, string[]>();
  for (const [name, { value, undefined: reason }] of named) {
    if (value !== null) continue;
    const why = reason ?? "";
    all.set(why, [...(all.get(why) ?? []), name]);
  }
  return [...all].map(([reason, names]) => ({ reason, names }));
}

/** The coefficient of two people, in whichever order they are. */
export function pairOf(pairs: AgreementView["by_pair"], one: string, other: string) {
  return (
    pairs.find(
      ({ first, second }) =>
        (first === one && second === other) || (first === other && second === one),
    ) ?? null
  );
}

/** How strongly a value is shaded, from 0 to 1; what is no better than chance is not. */
export function shade(value: number | null | undefined): number {
  return value == null ? 0 : Math.min(1, Math.max(0, value));
}
