import type { AgreementView } from "@/api/schema";
import { LineChart } from "@/shared/charts/LineChart";
import { shortDay } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import classes from "./Figures.module.css";
import { measureName, two } from "./reading";
import { Undefined } from "./Undefined";

/** Agreement over time: on texts whose last vote lies in a day or a week. */
export function OverTime({ view, measure }: { view: AgreementView; measure: string }) {
  const named = view.over.flatMap(({ start, overall }) => {
    const found = overall[measure];
    return found === undefined ? [] : [[start, found] as const];
  });
  const points = named.flatMap(([start, { value, low, high }]) =>
    value === null ? [] : [{ x: Date.parse(start), y: value, low, high }],
  );
  const day = (x: number) => shortDay(new Date(x).toISOString().slice(0, 10));
  const name = measureName(measure);
  return (
    <section className={classes.section} aria-labelledby="over-time">
      <h2 id="over-time">{t("Over time")}</h2>
      {points.length < 2 ? (
        <p>{t("There is one stretch of time so far: a line needs two.")}</p>
      ) : (
        <LineChart
          label={t("{{measure}} over time", { measure: name })}
          series={[{ key: measure, name, color: "var(--accent)", points }]}
          xName={t("day of the last vote")}
          showX={day}
          showY={two}
          height={220}
        />
      )}
      <Undefined named={named.map(([start, each]) => [shortDay(start.slice(0, 10)), each])} />
    </section>
  );
}
