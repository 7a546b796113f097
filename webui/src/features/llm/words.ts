import type { LabellingInfo, ReplyState, ReplyTotals } from "@/api/schema";
import { figure, percent, roughly } from "@/shared/words/number";
import { roughTime } from "@/shared/words/time";
import { t } from "@/shared/words/translate";

/** What a plan of a run says, as the server puts it into the job's result. */
export interface Plan {
  readonly rows: number;
  readonly kept: number;
  readonly alike: number;
  readonly to_ask: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly cost: number | null;
  readonly currency: string;
  readonly wh: number | null;
  readonly seconds: number | null;
  readonly based_on: number;
  readonly remote: boolean;
}

export function isPlan(result: unknown): result is Plan {
  return typeof result === "object" && result !== null && "to_ask" in result && "rows" in result;
}

/** Say in a sentence what a run would take. */
export function planned(plan: Plan): string {
  if (plan.to_ask === 0) return t("Nothing is left to ask: every text has its answer.");
  const parts = [
    t("{{count}} texts to ask", { count: plan.to_ask }),
    t("about {{tokens}} tokens", { tokens: figure(plan.tokens_in + plan.tokens_out) }),
    ...(plan.cost === null
      ? []
      : [t("{{cost}} {{currency}}", { cost: roughly(plan.cost), currency: plan.currency })]),
    ...(plan.wh === null ? [] : [t("{{wh}} Wh", { wh: roughly(plan.wh) })]),
    ...(plan.seconds === null ? [] : [roughTime(plan.seconds)]),
  ];
  return `${parts.join(", ")}.`;
}

/** Say what a plan is reckoned from. */
export function reckoned(plan: Plan): string {
  return plan.based_on === 0
    ? t("Guessed from the texts' lengths: a run over a few texts makes it exact.")
    : t("Reckoned from {{count}} answers of this labelling.", { count: plan.based_on });
}

/** Say how a labelling stands. */
export function answered(totals: ReplyTotals): string {
  const { answered: good = 0, unparsed = 0, failed = 0 } = totals;
  if (good + unparsed + failed === 0) return t("Nothing was asked yet.");
  const parts = [
    t("{{count}} answers", { count: good }),
    ...(unparsed === 0 ? [] : [t("{{count}} that are no value", { count: unparsed })]),
    ...(failed === 0 ? [] : [t("{{count}} without an answer", { count: failed })]),
  ];
  return `${parts.join(", ")}.`;
}

/** Say what was spent; empty where nothing was. */
export function spent({ tokens_in = 0, tokens_out = 0, cost, wh }: ReplyTotals): string {
  if (tokens_in + tokens_out === 0) return "";
  const parts = [
    t("{{tokens}} tokens", { tokens: figure(tokens_in + tokens_out) }),
    ...(cost == null ? [] : [t("cost {{cost}}", { cost: roughly(cost) })]),
    ...(wh == null ? [] : [t("{{wh}} Wh", { wh: roughly(wh) })]),
  ];
  return parts.join(", ");
}

/** How a labelling agrees with people, on the split that says most; null where nobody can say. */
export function agreed(labelling: Pick<LabellingInfo, "scores">): {
  readonly split: string;
  readonly n: number;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
} | null {
  for (const split of ["test", "valid", "train"]) {
    const report = labelling.scores[split];
    const score = report?.overall.accuracy ?? report?.overall.macro_f1;
    if (report === undefined || score?.value == null) continue;
    return {
      split,
      n: report.n,
      value: score.value,
      low: score.low ?? null,
      high: score.high ?? null,
    };
  }
  return null;
}

/** Say in a sentence how a labelling agrees with people. */
export function agreement(labelling: Pick<LabellingInfo, "scores">): string {
  const found = agreed(labelling);
  if (found === null) {
    return t("Nobody can say yet how good it is: it has answered no text that people have coded.");
  }
  const { n, split, value, low, high } = found;
  const share =
    low === null || high === null
      ? percent(value)
      : t("{{share}} ({{low}} to {{high}})", {
          share: percent(value),
          low: Math.round(low * 100),
          high: Math.round(high * 100),
        });
  return t("It agrees with people on {{share}} of {{n}} texts ({{split}}).", { share, n, split });
}

/** Write a value of any scheme as people read it. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return t("no value");
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length === 0) return t("no label");
  return value
    .map((each) => (typeof each === "string" ? each : `${each.label} ${each.start}–${each.end}`))
    .join(", ");
}

export function stateName(state: ReplyState): string {
  if (state === "answered") return t("answered");
  return state === "unparsed" ? t("no value") : t("no answer");
}
