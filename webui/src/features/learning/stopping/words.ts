import type { RuleAdvice, Score, StoppingAdvice, Verdict } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { figures } from "@/shared/words/number";
import { t } from "@/shared/words/translate";

/** What each verdict is called. */
export const VERDICTS: Readonly<Record<Verdict, string>> = {
  "too-early": t("Too early to say"),
  "go-on": t("Go on"),
  "could-stop": t("Could stop"),
};

/** Sum up, in a sentence, what the rules say. */
export function summary({ rules, n_train }: Pick<StoppingAdvice, "rules" | "n_train">): string {
  if (rules.length === 0) return t("No rule can judge this scheme.");
  const say = (verdict: Verdict) => rules.filter((rule) => rule.verdict === verdict).length;
  const [stop, on, early] = [say("could-stop"), say("go-on"), say("too-early")];
  if (early === rules.length) {
    return t("After {{count}} labels it is too early for every rule to say anything.", {
      count: n_train,
    });
  }
  const all = rules.length;
  const verdicts = listed([
    ...(stop > 0
      ? [t("{{count}} of {{all}} rules say that you could stop", { count: stop, all })]
      : []),
    ...(on > 0
      ? [
          stop > 0
            ? t("{{count}} say go on", { count: on })
            : t("{{count}} of {{all}} rules say go on", { count: on, all }),
        ]
      : []),
    ...(early > 0 ? [t("for {{n}} it is too early", { n: early })] : []),
  ]);
  return t("After {{count}} labels, {{verdicts}}.", { count: n_train, verdicts });
}

/** Write a value of evidence with its unit. */
export function measured(value: number, unit = ""): string {
  const written = figures(value, 3).replace(/^-/, "\u2212");
  return unit === "" ? written : `${written} ${unit}`;
}

/** Write a figure and its interval. */
export function withInterval({ value, low, high }: Score): string {
  if (value === null) return t("not known");
  if (low == null || high == null) return measured(value);
  return t("{{value}} ({{low}} to {{high}})", {
    value: measured(value),
    low: measured(low),
    high: measured(high),
  });
}

/** Return what there is to draw of a rule's evidence: a line needs two points. */
export function drawable({ evidence }: Pick<RuleAdvice, "evidence">) {
  return evidence.filter(({ points }) => points.length > 1);
}
