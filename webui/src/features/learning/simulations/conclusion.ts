import type { Score, SimulatedStrategy, SimulationInfo, SimulationReport } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { counted, figure, points, score } from "@/shared/words/number";

/** What each metric is called in a sentence. */
const METRICS: Readonly<Record<string, string>> = {
  macro_f1: "macro F1",
  micro_f1: "micro F1",
  weighted_f1: "weighted F1",
  accuracy: "accuracy",
};

export function metricName(metric: string): string {
  return METRICS[metric] ?? metric.replaceAll("_", " ");
}

/** Whether an interval lies beyond zero, and on which side; 0 where it does not or there is none. */
export function side({ low, high }: Score): -1 | 0 | 1 {
  if (low == null || high == null) return 0;
  if (low > 0) return 1;
  return high < 0 ? -1 : 0;
}

/** Write a gain and its interval: "+2.1 points (+0.4 to +3.8)". */
export function gainWords(gain: Score): string {
  const { value, low, high } = gain;
  if (value === null) return "not known";
  if (low == null || high == null) return `${points(value)} points`;
  return `${points(value)} points (${points(low)} to ${points(high)})`;
}

/** Write a score and its interval. */
export function scoreWords({ value, low, high }: Score): string {
  if (value === null) return "not known";
  if (low == null || high == null) return score(value);
  return `${score(value)} (${bare(low)} to ${bare(atMost(high))})`;
}

/** No score is above 1, though an interval that is as wide on both sides may say so. */
export function atMost(high: number): number {
  return Math.min(1, high);
}

function bare(share: number): string {
  return score(share).replace(" %", "");
}

/** Write how many labels it took: "150 (128 to 172)". */
export function labelsWords({ value, low, high }: Score): string {
  if (value === null) return "not known";
  const whole = (count: number) => figure(Math.round(count));
  if (low == null || high == null) return whole(value);
  return `${whole(value)} (${whole(low)} to ${whole(high)})`;
}

export function isRandom({ name }: Pick<SimulatedStrategy, "name">): boolean {
  return name === "random";
}

type Concluded = Pick<
  SimulationReport,
  "strategies" | "metric" | "seeds" | "target" | "whole" | "n_rows" | "n_test"
>;

/** Say what follows from a simulation, and how far it can be relied on. */
export function conclusion(report: Concluded): string[] {
  const compared = report.strategies.flatMap(({ title, gain }) =>
    gain === null ? [] : [{ title, gain }],
  );
  return [mainSentence(compared, report), ...targetSentence(report), ...caveat(report)];
}

/** What is not known comes last. */
function by({ value }: Score): number {
  return value ?? Number.NEGATIVE_INFINITY;
}

interface Compared {
  readonly title: string;
  readonly gain: Score;
}

function mainSentence(compared: readonly Compared[], { metric, seeds }: Concluded): string {
  const name = metricName(metric);
  if (compared.length === 0) return "Only random texts were tried: there is nothing to compare.";
  if (seeds < 2) {
    return "With one seed there are no intervals: nothing can be concluded. Try again with five or more.";
  }
  const better = compared
    .filter(({ gain }) => side(gain) === 1)
    .toSorted((a, b) => by(b.gain) - by(a.gain));
  const worse = compared.filter(({ gain }) => side(gain) === -1).map(({ title }) => quoted(title));
  const [best, ...others] = better;
  const least =
    worse.length === 0
      ? ""
      : ` ${listed(worse)} ${worse.length === 1 ? "is" : "are"} worse than random.`;
  if (best === undefined) {
    const rest = worse.length === 0 ? "intervals include 0" : "no interval lies above 0";
    return `No strategy is better than random here: ${rest}.${least}`;
  }
  const also =
    others.length === 0
      ? ""
      : ` ${listed(others.map(({ title }) => quoted(title)))} ${others.length === 1 ? "is" : "are"} better than random as well.`;
  return `${quoted(best.title)} is better than random here: ${gainWords(best.gain)} of ${name} on average along the way.${also}${least}`;
}

/** Say in a line what came out. */
export function verdictLine({ strategies, metric, seeds }: SimulationInfo): string {
  const compared = strategies.flatMap(({ title, gain }) =>
    gain === null ? [] : [{ title, gain }],
  );
  const best = compared.toSorted((a, b) => by(b.gain) - by(a.gain))[0];
  if (best === undefined) return "Only random texts were tried.";
  if (seeds < 2) return "One seed: nothing can be concluded.";
  if (side(best.gain) < 1) return "No strategy is better than random here.";
  return `${quoted(best.title)} is better than random: ${gainWords(best.gain)} of ${metricName(metric)}.`;
}

function targetSentence({ strategies, target, metric, seeds }: Concluded): string[] {
  if (target === null) return [];
  const all = strategies.filter(({ reached }) => reached === seeds);
  const aim = `${score(target)} of ${metricName(metric)}`;
  const first = all
    .flatMap((each) =>
      each.labels_for_target?.value == null
        ? []
        : [{ ...each, needs: each.labels_for_target.value }],
    )
    .toSorted((a, b) => a.needs - b.needs)[0];
  if (first === undefined) return [`No strategy came to ${aim} with every seed.`];
  const random = all.find(isRandom)?.labels_for_target?.value;
  const needs = `${quoted(first.title)} came to ${aim} with ${figure(Math.round(first.needs))} labels`;
  if (isRandom(first)) return [`${needs}, as soon as any other.`];
  if (random == null) return [`${needs}; random did not with every seed.`];
  const saved = Math.round(random - first.needs);
  return [`${needs}, ${counted(saved, "label")} fewer than random.`];
}

function caveat({ seeds, n_test }: Concluded): string[] {
  const few = [
    ...(seeds > 1 && seeds < 5 ? [`${seeds} seeds`] : []),
    ...(n_test < 100 ? [counted(n_test, "text to test on", "texts to test on")] : []),
  ];
  return few.length === 0 ? [] : [`${capital(listed(few))} are few: take it with care.`];
}

function quoted(title: string): string {
  return `\u201c${title}\u201d`;
}

function capital(sentence: string): string {
  return sentence.replace(/^./, (first) => first.toUpperCase());
}
