import { useElementSize } from "@mantine/hooks";
import { type PointerEvent, useId, useState } from "react";
import { language, t } from "@/shared/words/translate";
import { ChartTable } from "./ChartTable";
import classes from "./LineChart.module.css";
import { type Layout, layoutOf, pathOf, type Series, shapeOf, type Threshold, xsOf } from "./lines";
import { Readout } from "./Readout";
import { nearest } from "./scale";

interface Props {
  /** What it shows, in a sentence. */
  label: string;
  series: readonly Series[];
  /** What x counts, such as "labelled texts". */
  xName: string;
  showX?: (x: number) => string;
  showY: (y: number) => string;
  /** How the axis writes values, where that is shorter. */
  showTick?: (y: number) => string;
  /** Values worth comparing with, drawn across. */
  thresholds?: readonly Threshold[];
  /** Low charts stand beside words; tall ones are what the page is about. */
  height?: number;
}

const plain = new Intl.NumberFormat(language(), { maximumFractionDigits: 2 });

/** Lines with their intervals. Whoever cannot see or point has the slider and the table. */
export function LineChart(props: Props) {
  const { label, series, xName, showX = (x) => plain.format(x), showY, thresholds = [] } = props;
  const { height = 300, showTick = showY } = props;
  const size = useElementSize();
  const id = useId();
  const [place, setPlace] = useState<number | null>(null);
  const [focus, setFocus] = useState<string | null>(null);
  const width = Math.max(240, size.width || 640);
  const named = series.length > 1 && width >= 620;
  const layout = layoutOf({ series, width, height, thresholds, showTick, named });
  const xs = xsOf(series);
  const x = place === null ? null : (xs[place] ?? null);
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = nearest(xs.map(layout.x), event.clientX - box.left);
    setPlace(at < 0 ? null : at);
  };
  const look = (key: string) => ({ onEnter: () => setFocus(key), onLeave: () => setFocus(null) });
  return (
    <figure className={classes.figure} aria-label={label}>
      <div ref={size.ref} className={classes.plot}>
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={label}
          aria-describedby={id}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setPlace(null)}
        >
          <title>{label}</title>
          <Axes layout={layout} xName={xName} showX={showX} showY={showTick} />
          {series.map((each) => (
            <Line key={each.key} layout={layout} series={each} focus={focus} many={series.length} />
          ))}
          {thresholds.map((each) => (
            <Across key={each.name} layout={layout} {...each} />
          ))}
          {x !== null && (
            <line
              className={classes.cursor}
              x1={layout.x(x)}
              x2={layout.x(x)}
              y1={layout.top}
              y2={layout.bottom}
            />
          )}
          {x !== null &&
            series.flatMap(({ key, color, points }) =>
              points
                .filter((each) => each.x === x)
                .map(({ y }) => (
                  <circle key={key} cx={layout.x(x)} cy={layout.y(y)} r={3.5} fill={color} />
                )),
            )}
          {named &&
            layout.names.map(({ key, name, color, y }) => (
              <text
                key={key}
                className={classes.name}
                data-faded={focus !== null && focus !== key}
                x={layout.right + 14}
                y={y}
                onPointerEnter={look(key).onEnter}
                onPointerLeave={look(key).onLeave}
              >
                <tspan fill={color}>● </tspan>
                {name}
              </text>
            ))}
        </svg>
        {x !== null && (
          <Readout
            x={x}
            xName={xName}
            showX={showX}
            showY={showY}
            series={series}
            layout={layout}
          />
        )}
        <input
          className={classes.slider}
          type="range"
          aria-label={t("Read off: {{label}}", { label })}
          min={0}
          max={Math.max(0, xs.length - 1)}
          value={place ?? Math.max(0, xs.length - 1)}
          aria-valuetext={spoken(x ?? xs.at(-1) ?? 0, series, xName, showX, showY)}
          onFocus={() => setPlace(xs.length - 1)}
          onBlur={() => setPlace(null)}
          onChange={(event) => setPlace(Number(event.currentTarget.value))}
        />
      </div>
      {series.length > 1 && !named && <Legend series={series} focus={focus} look={look} />}
      <ChartTable
        id={id}
        series={series}
        xName={xName}
        showX={showX}
        showY={showY}
        thresholds={thresholds}
      />
    </figure>
  );
}

/** Say every value at x, for the slider. */
function spoken(
  x: number,
  series: readonly Series[],
  xName: string,
  showX: (x: number) => string,
  showY: (y: number) => string,
): string {
  const values = series.flatMap(({ name, points }) =>
    points.filter((each) => each.x === x).map(({ y }) => `${name} ${showY(y)}`),
  );
  return t("{{name}}: {{value}}", {
    name: `${showX(x)} ${xName}`,
    value: values.join(", "),
  });
}

interface AxesProps {
  layout: Layout;
  xName: string;
  showX: (x: number) => string;
  showY: (y: number) => string;
}

function Axes({ layout, xName, showX, showY }: AxesProps) {
  const { left, right, bottom } = layout;
  return (
    <g className={classes.axes}>
      {layout.yTicks.map((y) => (
        <g key={y}>
          <line x1={left} x2={right} y1={layout.y(y)} y2={layout.y(y)} />
          <text x={left - 8} y={layout.y(y)} dy="0.35em" textAnchor="end">
            {showY(y)}
          </text>
        </g>
      ))}
      {layout.xTicks.map((x) => (
        <text key={x} x={layout.x(x)} y={bottom + 18} textAnchor="middle">
          {showX(x)}
        </text>
      ))}
      <text x={right} y={bottom + 33} textAnchor="end">
        {xName}
      </text>
    </g>
  );
}

function Across({ layout, y, name }: Threshold & { layout: Layout }) {
  const at = layout.y(y);
  // Above the line where there is room, else below it.
  const above = at - layout.top > 16;
  return (
    <g className={classes.threshold}>
      <line x1={layout.left} x2={layout.right} y1={at} y2={at} />
      <text x={layout.left + 6} y={at + (above ? -6 : 14)}>
        {name}
      </text>
    </g>
  );
}

interface LineProps {
  layout: Layout;
  series: Series;
  focus: string | null;
  many: number;
}

/** With more lines than this their bands would cover one another: only the one in focus has it. */
const BANDS = 3;

function Line({ layout, series, focus, many }: LineProps) {
  const { key, color, dash, points } = series;
  const band = shapeOf(points, layout);
  const faded = focus !== null && focus !== key;
  const shown = focus === key || (focus === null && (many <= BANDS || series.emphasis === true));
  const [only] = points;
  return (
    <g className={classes.series} data-faded={faded}>
      {band !== "" && shown && <path className={classes.band} d={band} fill={color} />}
      <path d={pathOf(points, layout)} stroke={color} strokeDasharray={dash ?? undefined} />
      {points.length === 1 && only !== undefined && (
        <circle cx={layout.x(only.x)} cy={layout.y(only.y)} r={4} fill={color} />
      )}
    </g>
  );
}

interface LegendProps {
  series: readonly Series[];
  focus: string | null;
  look: (key: string) => { onEnter: () => void; onLeave: () => void };
}

function Legend({ series, focus, look }: LegendProps) {
  return (
    <ul className={classes.legend} aria-hidden="true">
      {series.map(({ key, name, color, dash }) => (
        <li
          key={key}
          data-faded={focus !== null && focus !== key}
          onPointerEnter={look(key).onEnter}
          onPointerLeave={look(key).onLeave}
        >
          <svg width="22" height="8" aria-hidden="true">
            <line
              x1="0"
              x2="22"
              y1="4"
              y2="4"
              stroke={color}
              strokeWidth="2.5"
              strokeDasharray={dash ?? undefined}
            />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
