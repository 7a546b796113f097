import type { AnnotatorQuality, Drift, Share } from "@/api/schema";
import type { IntervalRow } from "@/shared/charts/Intervals";
import { percent, points, roughly } from "@/shared/words/number";
import { t } from "@/shared/words/translate";

type Known = Share & { readonly share: number };

function isKnown(share: Share): share is Known {
  return share.share !== null;
}

/** Write an interval of a share as "70\u201397 %"; nothing where there is none. */
export function interval({ low, high }: Pick<Share, "low" | "high">): string {
  if (low === null || high === null) return "";
  return `${Math.round(low * 100)}\u2013${Math.round(high * 100)} %`;
}

/** Say how somebody codes in one sentence. */
export function headline({ username, annotated, gold }: AnnotatorQuality): string {
  const texts = t("{{count}} texts", { count: annotated });
  if (!isKnown(gold))
    return t("{{who}}: {{texts}}, and no known one among them", { who: username, texts });
  return t("{{who}}: {{texts}}, right on {{right}} of {{of}} known ones ({{interval}})", {
    who: username,
    texts,
    right: gold.count,
    of: gold.of,
    interval: interval(gold),
  });
}

/** Say how long a text takes them. */
export function pace({ n, q1, median, q3 }: AnnotatorQuality["seconds"]): string {
  if (n === 0 || q1 === null || median === null || q3 === null) {
    return t("How long they take is not known: no time came with their answers.");
  }
  return t("A text takes {{median}} s in the middle; half of them take {{q1}} to {{q3}} s.", {
    median: roughly(median),
    q1: roughly(q1),
    q3: roughly(q3),
  });
}

/** Say how much was answered faster than it can be read. */
export function hasty({ hasty: share }: AnnotatorQuality["seconds"]): string | null {
  if (!isKnown(share)) return null;
  if (share.count === 0) return t("No answer came too fast for reading.");
  return t("{{n}} of {{of}} answers ({{share}}) came faster than most people can read.", {
    n: share.count,
    of: share.of,
    share: percent(share.share),
  });
}

/** Say how many answers are to be given anew. */
export function outdatedWords(count: number): string | null {
  if (count === 0) return null;
  return t("{{count}} answers are from before the codebook changed their labels.", { count });
}

/** The shares that somebody can be measured by, and what is said where there is nothing to measure. */
export function measures(person: AnnotatorQuality) {
  return [
    {
      key: "gold",
      name: t("Right on gold texts"),
      share: person.gold,
      none: t("no gold text answered yet"),
    },
    {
      key: "attention",
      name: t("Right on attention checks"),
      share: person.attention,
      none: t("no attention check answered yet"),
    },
    {
      key: "others",
      name: t("As another person said"),
      share: person.others,
      none: t("no text that somebody else has answered too"),
    },
    {
      key: "adjudicated",
      name: t("As it was decided"),
      share: person.adjudicated,
      none: t("no other text of theirs decided yet"),
    },
  ] as const;
}

/** What can be drawn of somebody. */
export function intervalRows(person: AnnotatorQuality): readonly IntervalRow[] {
  return measures(person).flatMap(({ key, name, share }) =>
    isKnown(share)
      ? [
          {
            key,
            name,
            color: "var(--accent)",
            value: share.share,
            low: share.low,
            high: share.high,
            shown: t("{{n}} of {{of}}: {{share}} ({{interval}})", {
              n: share.count,
              of: share.of,
              share: percent(share.share),
              interval: interval(share),
            }),
          },
        ]
      : [],
  );
}

/** Say what cannot be told of somebody yet. */
export function unknown(person: AnnotatorQuality): readonly string[] {
  return measures(person).flatMap(({ name, share, none }) =>
    isKnown(share) ? [] : [t("{{name}}: {{value}}.", { name, value: none })],
  );
}

/** Say whether the second half of somebody's answers differs from the first. */
export function driftWords(drift: Drift | null): readonly string[] {
  if (drift === null) return [t("There are too few answers to tell whether anything drifts.")];
  const { gold, gold_low, gold_high, others, others_low, others_high } = drift;
  const found = [
    shifted(gold, gold_low, gold_high, {
      up: (by) => t("They are right on gold more often than in their first half ({{by}}).", { by }),
      down: (by) =>
        t("They are right on gold less often than in their first half ({{by}}).", { by }),
      same: (by) => t("No change on gold texts can be told ({{by}}).", { by }),
    }),
    shifted(others, others_low, others_high, {
      up: (by) => t("They agree more with others than in their first half ({{by}}).", { by }),
      down: (by) => t("They agree less with others than in their first half ({{by}}).", { by }),
      same: (by) => t("No change in agreement with others can be told ({{by}}).", { by }),
    }),
    speedWords(drift.speed),
    labelsWords(drift),
  ].filter((words) => words !== null);
  return found.length > 0 ? found : [t("What there is does not tell whether anything drifts.")];
}

interface Ways {
  readonly up: (by: string) => string;
  readonly down: (by: string) => string;
  readonly same: (by: string) => string;
}

function shifted(
  by: number | null,
  low: number | null,
  high: number | null,
  say: Ways,
): string | null {
  if (by === null || low === null || high === null) return null;
  const range = t("{{by}} points, {{low}} to {{high}}", {
    by: points(by),
    low: points(low),
    high: points(high),
  });
  if (low > 0) return say.up(range);
  return high < 0 ? say.down(range) : say.same(range);
}

/** A change of less than this share of the time is not worth a word. */
const STEADY = 0.1;

function speedWords(speed: number | null): string | null {
  if (speed === null) return null;
  if (Math.abs(speed - 1) < STEADY) return t("Their pace is steady.");
  const by = percent(Math.abs(speed - 1));
  return speed < 1
    ? t("A text takes them {{by}} less time than in their first half.", { by })
    : t("A text takes them {{by}} more time than in their first half.", { by });
}

const RARE = 0.05;
const TINY = 0.001;

function labelsWords({ labels, labels_p }: Drift): string | null {
  if (labels === null || labels_p === null) return null;
  if (labels_p >= RARE) return t("They use the labels as before.");
  return t(
    "They use labels differently: {{share}} of the answers went to others ({{p}}). The texts may be the reason, not the person.",
    { share: percent(labels), p: labels_p < TINY ? "p < 0.001" : `p = ${roughly(labels_p)}` },
  );
}
