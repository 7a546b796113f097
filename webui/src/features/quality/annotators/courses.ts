import type { AnnotatorPeriod, SchemeInfo } from "@/api/schema";
import type { Point, Series } from "@/shared/charts/lines";
import { labelColor } from "@/shared/theme/labelColor";
import { percent, roughly } from "@/shared/words/number";
import { t } from "@/shared/words/translate";

/** A small chart: how one thing went in the course of somebody's work. */
export interface Course {
  readonly key: string;
  readonly title: string;
  readonly series: readonly Series[];
  readonly show: (value: number) => string;
}

/** How many labels are told apart in a small chart. */
const LABELS = 4;
const DASHES = [null, "6 3", "2 3", "8 3 2 3"] as const;

/** What can be drawn of somebody's periods: a line needs two points. */
export function courses(
  periods: readonly AnnotatorPeriod[],
  scheme: SchemeInfo,
): readonly Course[] {
  const shares = (of: (period: AnnotatorPeriod) => AnnotatorPeriod["gold"]) =>
    periods.flatMap((period, at): Point[] => {
      const { share, low, high } = of(period);
      return share === null ? [] : [{ x: at + 1, y: share, low, high }];
    });
  const seconds = periods.flatMap(({ seconds_median }, at): Point[] =>
    seconds_median === null ? [] : [{ x: at + 1, y: seconds_median }],
  );
  const all: Course[] = [
    {
      key: "seconds",
      title: t("Seconds a text, in the middle"),
      series: [line("seconds", t("Seconds"), seconds)],
      show: roughly,
    },
    {
      key: "gold",
      title: t("Right on gold texts"),
      series: [
        line(
          "gold",
          t("Right"),
          shares(({ gold }) => gold),
        ),
      ],
      show: percent,
    },
    {
      key: "others",
      title: t("As another person said"),
      series: [
        line(
          "others",
          t("Agree"),
          shares(({ others }) => others),
        ),
      ],
      show: percent,
    },
    { key: "labels", title: t("Labels used"), series: labelSeries(periods, scheme), show: percent },
  ];
  return all.filter(({ series }) => series.some(({ points }) => points.length > 1));
}

function line(key: string, name: string, points: readonly Point[]): Series {
  return { key, name, color: "var(--accent)", points };
}

/** The labels that are used most, each with its share of a period's answers. */
function labelSeries(periods: readonly AnnotatorPeriod[], scheme: SchemeInfo): readonly Series[] {
  const sum = (name: string) => periods.reduce((all, { labels }) => all + (labels[name] ?? 0), 0);
  return scheme.labels
    .map(({ name, color }, at) => ({ name, color: labelColor(color, at), used: sum(name) }))
    .filter(({ used }) => used > 0)
    .toSorted((one, other) => other.used - one.used)
    .slice(0, LABELS)
    .map(({ name, color }, rank) => ({
      key: name,
      name,
      color,
      dash: DASHES[rank] ?? null,
      points: periods.flatMap(({ annotated, labels }, at) =>
        annotated === 0 ? [] : [{ x: at + 1, y: labels[name] ?? 0 }],
      ),
    }));
}
