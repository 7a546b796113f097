import type { JobPoint } from "@/api/schema";
import type { Point, Series } from "@/shared/charts/lines";

/** A chart of what a training has reported: losses, or scores, by step or epoch. */
export interface Course {
  readonly key: string;
  readonly x: "step" | "epoch";
  readonly what: "loss" | "score";
  readonly series: readonly Series[];
}

const AXES = ["step", "epoch"] as const;
const LOSS = /loss/;
const SCORE = /(f1|accuracy|precision|recall|score)$/;

/** Sort what a job has reported into charts; what is neither loss nor score is left out. */
export function courses(points: readonly JobPoint[]): readonly Course[] {
  return AXES.flatMap((x) =>
    (["loss", "score"] as const).flatMap((what) => {
      const series = linesOf(points, x, what === "loss" ? LOSS : SCORE);
      return series.length === 0 ? [] : [{ key: `${what} ${x}`, x, what, series }];
    }),
  );
}

function linesOf(points: readonly JobPoint[], x: "step" | "epoch", wanted: RegExp): Series[] {
  const found = new Map<string, Map<number, Point>>();
  for (const { values } of points) {
    const at = numberOf(values, x);
    if (at === null) continue;
    for (const name of Object.keys(values)) {
      const y = numberOf(values, name);
      if (y === null || AXES.some((axis) => axis === name) || !wanted.test(name)) continue;
      const line = found.get(name) ?? new Map<number, Point>();
      // A run that goes on after a break reports some steps again: the last counts.
      line.set(at, { x: at, y });
      found.set(name, line);
    }
  }
  return [...found].map(([name, line], place) => ({
    key: name,
    name: name.replaceAll("_", " "),
    color: `var(--label-${(place % 8) + 1})`,
    dash: place === 0 ? null : "7 4",
    points: [...line.values()].toSorted((a, b) => a.x - b.x),
  }));
}

function numberOf(values: JobPoint["values"], name: string): number | null {
  const value: unknown = (values as Readonly<Record<string, unknown>>)[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
