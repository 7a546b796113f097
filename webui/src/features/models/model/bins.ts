import type { CalibrationBin } from "@/api/schema";
import type { Bar } from "@/shared/charts/Bars";
import type { Series } from "@/shared/charts/lines";
import { figure, percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";

/** Draw bins as a reliability diagram: what came true against the diagonal, and how many there are. */
export function calibrated(bins: readonly CalibrationBin[]): {
  readonly lines: readonly Series[];
  readonly counts: readonly Bar[];
} {
  const known = bins.filter(({ n, came_true }) => n > 0 && came_true.value !== null);
  if (known.length === 0) return { lines: [], counts: [] };
  const points = known.map(({ mean_probability: x, came_true: { value, low, high } }) => ({
    x,
    y: value ?? 0,
    low,
    high,
  }));
  return {
    lines: [
      { key: "true", name: t("came true"), color: "var(--accent)", points, emphasis: true },
      {
        key: "ideal",
        name: t("if it were calibrated"),
        color: "var(--ink-soft)",
        dash: "5 4",
        points: points.map(({ x }) => ({ x, y: x })),
      },
    ],
    counts: known.map(({ low, high, n, came_true }) => ({
      key: String(low),
      name: t("{{low}} to {{high}}", { low: percent(low), high: percent(high) }),
      value: n,
      shown: figure(n),
      note: t("{{share}} came true", { share: percent(came_true.value ?? 0) }),
    })),
  };
}

/** How far a mean may be off before it is worth a word: three points. */
const CLOSE = 0.03;

/** Say whether the model is surer than it should be, over all bins. */
export function confidence(bins: readonly CalibrationBin[]): string {
  const all = bins.reduce((sum, { n }) => sum + n, 0);
  if (all === 0) return "";
  const mean = (of: (bin: CalibrationBin) => number) =>
    bins.reduce((sum, bin) => sum + bin.n * of(bin), 0) / all;
  const sure = mean(({ mean_probability }) => mean_probability);
  const right = mean(({ came_true }) => came_true.value ?? 0);
  const says = { sure: percent(sure), right: percent(right) };
  if (sure - right > CLOSE) {
    return t("It is surer than it should be: {{sure}} on average, and {{right}} came true.", says);
  }
  if (right - sure > CLOSE) {
    return t(
      "It is less sure than it could be: {{sure}} on average, and {{right}} came true.",
      says,
    );
  }
  return t("On average its probabilities are right: {{sure}} sure, and {{right}} came true.", says);
}
