import type { RuleAdvice, Score, StoppingAdvice, Verdict } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { figure } from "@/shared/words/number";

/** What each verdict is called. */
export const VERDICTS: Readonly<Record<Verdict, string>> = {
  "too-early": "Too early to say",
  "go-on": "Go on",
  "could-stop": "Could stop",
};

/** Sum up, in a sentence, what the rules say. */
export function summary({ rules, n_train }: Pick<StoppingAdvice, "rules" | "n_train">): string {
  if (rules.length === 0) return "No rule can judge this scheme.";
  const say = (verdict: Verdict) => rules.filter((rule) => rule.verdict === verdict).length;
  const [stop, on, early] = [say("could-stop"), say("go-on"), say("too-early")];
  const after = `After ${figure(n_train)} labels`;
  if (early === rules.length) return `${after} it is too early for every rule to say anything.`;
  const parts = [
    ...(stop > 0 ? [`${stop} ${stop === 1 ? "says" : "say"} that you could stop`] : []),
    ...(on > 0 ? [`${on} ${on === 1 ? "says" : "say"} go on`] : []),
    ...(early > 0 ? [`for ${early} it is too early`] : []),
  ];
  const [first = "", ...rest] = parts;
  const all = rules.length === 1 ? "the only rule" : `${rules.length} rules`;
  return `${after}, ${listed([first.replace(/^(\d+)/, `$1 of ${all}`), ...rest])}.`;
}

const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** Write a value of evidence with its unit. */
export function measured(value: number, unit = ""): string {
  const written = short.format(value).replace(/^-/, "\u2212");
  return unit === "" ? written : `${written} ${unit}`;
}

/** Write a figure and its interval. */
export function withInterval({ value, low, high }: Score): string {
  if (value === null) return "not known";
  if (low == null || high == null) return measured(value);
  return `${measured(value)} (${measured(low)} to ${measured(high)})`;
}

/** Return what there is to draw of a rule's evidence: a line needs two points. */
export function drawable({ evidence }: Pick<RuleAdvice, "evidence">) {
  return evidence.filter(({ points }) => points.length > 1);
}
