import { t } from "@/shared/words/translate";
import classes from "./LineChart.module.css";
import type { Layout, Series } from "./lines";

interface Props {
  x: number;
  xName: string;
  showX: (x: number) => string;
  showY: (y: number) => string;
  series: readonly Series[];
  layout: Layout;
}

/** The values at x, highest first, beside the line through them. */
export function Readout({ x, xName, showX, showY, series, layout }: Props) {
  const values = series
    .flatMap(({ key, name, color, points }) =>
      points.filter((each) => each.x === x).map((point) => ({ key, name, color, point })),
    )
    .sort((a, b) => b.point.y - a.point.y);
  const at = layout.x(x);
  const onLeft = at > (layout.left + layout.right) / 2;
  return (
    <div
      className={classes.readout}
      data-left={onLeft}
      style={{ "--at": `${at}px` }}
      aria-hidden="true"
    >
      <p>
        {showX(x)} {xName}
      </p>
      <ul>
        {values.map(({ key, name, color, point: { y, low, high } }) => (
          <li key={key}>
            <span className={classes.dot} style={{ "--color": color }} />
            {series.length > 1 && <span className={classes.of}>{name}</span>}
            <strong>{showY(y)}</strong>
            {low != null && high != null && (
              <span className={classes.interval}>
                {t("{{low}} to {{high}}", { low: showY(low), high: showY(high) })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
