import type { RuleAdvice, StoppingAdvice } from "@/api/schema";
import { t } from "@/shared/words/translate";

type Rules = Pick<StoppingAdvice, "rules">;

/** What the rules advise, in a few words; null where none can judge. */
export function adviceWords({ rules }: Rules): string | null {
  if (rules.length === 0) return null;
  const stop = rules.filter(({ verdict }) => verdict === "could-stop").length;
  if (stop > 0)
    return t("stopping: {{n}} of {{all}} rules say you could", { n: stop, all: rules.length });
  const goOn = rules.some(({ verdict }) => verdict === "go-on");
  return goOn ? t("stopping: go on") : t("stopping: too early to say");
}

/** A rule with the curve that it goes by. */
export interface ShownRule {
  readonly rule: RuleAdvice;
  readonly points: RuleAdvice["evidence"][number]["points"];
}

/** The rule whose curve is shown: the first of the verdict that was said that has one, or any. */
export function shownRule({ rules }: Rules): ShownRule | null {
  const drawable = rules.flatMap((rule): ShownRule[] => {
    const evidence = rule.evidence.find(({ points }) => points.length > 1);
    return evidence === undefined ? [] : [{ rule, points: evidence.points }];
  });
  const of = (verdict: RuleAdvice["verdict"]) =>
    drawable.find(({ rule }) => rule.verdict === verdict);
  return of("could-stop") ?? of("go-on") ?? drawable[0] ?? null;
}
