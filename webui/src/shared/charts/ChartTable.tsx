import { t } from "@/shared/words/translate";
import classes from "./LineChart.module.css";
import { type Series, type Threshold, xsOf } from "./lines";

interface Props {
  id: string;
  series: readonly Series[];
  xName: string;
  showX: (x: number) => string;
  showY: (y: number) => string;
  thresholds: readonly Threshold[];
}

/** A chart's values as a table, on demand. */
export function ChartTable({ id, series, xName, showX, showY, thresholds }: Props) {
  return (
    <details id={id} className={classes.table}>
      <summary>{t("As a table")}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className={classes.scrolled} aria-label={t("Table")} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{xName}</th>
              {series.map(({ key, name }) => (
                <th key={key} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {xsOf(series).map((x) => (
              <tr key={x}>
                <th scope="row">{showX(x)}</th>
                {series.map(({ key, points }) => {
                  const point = points.find((each) => each.x === x);
                  return <td key={key}>{point === undefined ? "" : written(point, showY)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
        {thresholds.map(({ name, y }) => (
          <p key={name}>{t("{{name}}: {{value}}", { name, value: showY(y) })}</p>
        ))}
      </section>
    </details>
  );
}

function written({ y, low, high }: Series["points"][number], show: (y: number) => string): string {
  if (low == null || high == null) return show(y);
  return t("{{value}} ({{low}} to {{high}})", {
    value: show(y),
    low: show(low),
    high: show(high),
  });
}
