import type { Score, SimulatedStrategy, SimulationInfo, SimulationReport } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { figure, points, score } from "@/shared/words/number";
import { t } from "@/shared/words/translate";

/** What each metric is called in a sentence. */
const METRICS: Readonly<Record<string, string>> = {
  macro_f1: t("macro F1"),
  micro_f1: t("micro F1"),
  weighted_f1: t("weighted F1"),
  accuracy: t("accuracy"),
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
  if (value === null) return t("not known");
  if (low == null || high == null) {
    return t("{{change}} points", { change: points(value) });
  }
  return t("{{change}} points ({{low}} to {{high}})", {
    change: points(value),
    low: points(low),
    high: points(high),
  });
}

/** Write a score and its interval. */
export function scoreWords({ value, low, high }: Score): string {
  if (value === null) return t("not known");
  if (low == null || high == null) return score(value);
  return t("{{value}} ({{low}} to {{high}})", {
    value: score(value),
    low: bare(low),
    high: bare(atMost(high)),
  });
}

/** No score is above 1, though an interval that is as wide on both sides may say so. */
export function atMost(high: number): number {
  return Math.min(1, high);
}

function bare(share: number): string {
  return score(share).replace(/\s?%$/, "");
}

/** Write how many labels it took: "150 (128 to 172)". */
export function labelsWords({ value, low, high }: Score): string {
  if (value === null) return t("not known");
  const whole = (count: number) => figure(Math.round(count));
  if (low == null || high == null) return whole(value);
  return t("{{value}} ({{low}} to {{high}})", {
    value: whole(value),
    low: whole(low),
    high: whole(high),
  });
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
  if (compared.length === 0) {
    return t("Only random texts were tried: there is nothing to compare.");
  }
  if (seeds < 2) {
    return t(
      "With one seed there are no intervals: nothing can be concluded. Try again with five or more.",
    );
  }
  const better = compared
    .filter(({ gain }) => side(gain) === 1)
    .toSorted((a, b) => by(b.gain) - by(a.gain));
  const worse = compared.filter(({ gain }) => side(gain) === -1);
  const [best, ...others] = better;
  const least = worseSentence(worse);
  if (best === undefined) {
    const none =
      worse.length === 0
        ? t("No strategy is better than random here: intervals include 0.")
        : t("No strategy is better than random here: no interval lies above 0.");
    return [none, ...least].join(" ");
  }
  const first = t(
    "“{{strategy}}” is better than random here: {{gain}} of {{metric}} on average along the way.",
    { strategy: best.title, gain: gainWords(best.gain), metric: name },
  );
  return [first, ...alsoSentence(others), ...least].join(" ");
}

function alsoSentence(others: readonly Compared[]): string[] {
  if (others.length === 0) return [];
  const sentence =
    others.length === 1
      ? t("{{strategies}} is better than random as well.", { strategies: titles(others) })
      : t("{{strategies}} are better than random as well.", { strategies: titles(others) });
  return [sentence];
}

function worseSentence(worse: readonly Compared[]): string[] {
  if (worse.length === 0) return [];
  const sentence =
    worse.length === 1
      ? t("{{strategies}} is worse than random.", { strategies: titles(worse) })
      : t("{{strategies}} are worse than random.", { strategies: titles(worse) });
  return [sentence];
}

/** Say in a line what came out. */
export function verdictLine({ strategies, metric, seeds }: SimulationInfo): string {
  const compared = strategies.flatMap(({ title, gain }) =>
    gain === null ? [] : [{ title, gain }],
  );
  const best = compared.toSorted((a, b) => by(b.gain) - by(a.gain))[0];
  if (best === undefined) return t("Only random texts were tried.");
  if (seeds < 2) return t("One seed: nothing can be concluded.");
  if (side(best.gain) < 1) return t("No strategy is better than random here.");
  return t("“{{strategy}}” is better than random: {{gain}} of {{metric}}.", {
    strategy: best.title,
    gain: gainWords(best.gain),
    metric: metricName(metric),
  });
}

function targetSentence({ strategies, target, metric, seeds }: Concluded): string[] {
  if (target === null) return [];
  const all = strategies.filter(({ reached }) => reached === seeds);
  const aim = t("{{score}} of {{metric}}", { score: score(target), metric: metricName(metric) });
  const first = all
    .flatMap((each) =>
      each.labels_for_target?.value == null
        ? []
        : [{ ...each, needs: each.labels_for_target.value }],
    )
    .toSorted((a, b) => a.needs - b.needs)[0];
  if (first === undefined) return [t("No strategy came to {{aim}} with every seed.", { aim })];
  const random = all.find(isRandom)?.labels_for_target?.value;
  const [strategy, needs] = [first.title, Math.round(first.needs)];
  if (isRandom(first)) {
    return [
      t("“{{strategy}}” came to {{aim}} with {{count}} labels, as soon as any other.", {
        strategy,
        aim,
        count: needs,
      }),
    ];
  }
  if (random == null) {
    return [
      t("“{{strategy}}” came to {{aim}} with {{count}} labels; random did not with every seed.", {
        strategy,
        aim,
        count: needs,
      }),
    ];
  }
  return [
    t("{{came}}, {{fewer}}.", {
      came: t("“{{strategy}}” came to {{aim}} with {{count}} labels", {
        strategy,
        aim,
        count: needs,
      }),
      fewer: t("{{count}} labels fewer than random", { count: Math.round(random) - needs }),
    }),
  ];
}

function caveat({ seeds, n_test }: Concluded): string[] {
  const few = [
    ...(seeds > 1 && seeds < 5 ? [t("{{count}} seeds", { count: seeds })] : []),
    ...(n_test < 100 ? [t("{{count}} texts to test on", { count: n_test })] : []),
  ];
  if (few.length === 0) return [];
  return [capital(t("{{what}} are few: take it with care.", { what: listed(few) }))];
}

function titles(strategies: readonly Compared[]): string {
  return listed(strategies.map(({ title }) => t("“{{title}}”", { title })));
}

function capital(sentence: string): string {
  return sentence.replace(/^./, (first) => first.toUpperCase());
}
