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
      <summary>As a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className={classes.scrolled} aria-label="Table" tabIndex={0}>
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
          <p key={name}>
            {name}: {showY(y)}
          </p>
        ))}
      </section>
    </details>
  );
}

function written({ y, low, high }: Series["points"][number], show: (y: number) => string): string {
  return low == null || high == null ? show(y) : `${show(y)} (${show(low)} to ${show(high)})`;
}
