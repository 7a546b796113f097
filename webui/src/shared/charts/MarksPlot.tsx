import { useElementSize } from "@mantine/hooks";
import type { Ref } from "react";
import classes from "./MarksPlot.module.css";
import { layMarks, type MarkRow, type PlacedMark, type Sign } from "./marks";

/** What a sign stands for. */
export interface SignName {
  readonly sign: Sign;
  readonly name: string;
}

interface Props {
  /** What it shows, in a sentence. */
  label: string;
  rows: readonly MarkRow[];
  /** What the signs mean; they stand above the rows, so that a picture of it has them too. */
  signs: readonly SignName[];
  show: (value: number) => string;
  /** A value that an interval either contains or not, such as 0 for a coefficient. */
  reference?: number | null;
  domain?: readonly [number, number] | null;
  svg?: Ref<SVGSVGElement>;
}

const CHARACTER = 7.2;
const SIGN_ROOM = 38;

/** Figures with intervals, several a row by different signs. The page says them in a table too. */
export function MarksPlot(props: Props) {
  const { label, rows, signs, show, reference = null, domain = null, svg } = props;
  const size = useElementSize();
  const width = Math.max(260, size.width || 640);
  const legend = legendOf(signs, width);
  const lines = signs.length < 2 ? 0 : Math.max(0, ...legend.map(({ line }) => line + 1));
  const layout = layMarks({ rows, width, reference, domain, legend: lines });
  const { left, top, bottom, height, x } = layout;
  return (
    <figure ref={size.ref} className={classes.plot}>
      <svg ref={svg} width={width} height={height} role="img" aria-label={label}>
        <title>{label}</title>
        {lines > 0 && (
          <g className={classes.legend}>
            {legend.map(({ sign, name, at, line }) => (
              <g key={name}>
                <SignShape sign={sign} x={at + 7} y={line * 17 + 8} color="" />
                <text x={at + 20} y={line * 17 + 8} dy="0.35em">
                  {name}
                </text>
              </g>
            ))}
          </g>
        )}
        <g className={classes.axis}>
          {layout.ticks.map((tick) => (
            <g key={tick}>
              <line x1={x(tick)} x2={x(tick)} y1={top} y2={bottom} />
              <text x={x(tick)} y={bottom + 18} textAnchor="middle">
                {show(tick)}
              </text>
            </g>
          ))}
        </g>
        {reference !== null && (
          <line
            className={classes.reference}
            x1={x(reference)}
            x2={x(reference)}
            y1={top}
            y2={bottom}
          />
        )}
        {layout.rows.map(({ key, color, lines: words, marks }) => (
          <g key={key}>
            {words.map(({ text, y }) => (
              <text
                key={y}
                className={classes.name}
                x={layout.narrow ? 0 : left - 14}
                y={y}
                dy="0.35em"
                textAnchor={layout.narrow ? "start" : "end"}
              >
                {text}
              </text>
            ))}
            {marks.map((mark) => (
              <Figure key={mark.sign} mark={mark} color={color} x={x} />
            ))}
          </g>
        ))}
      </svg>
    </figure>
  );
}

interface FigureProps {
  mark: PlacedMark;
  color: string;
  x: (value: number) => number;
}

function Figure({ mark: { sign, value, low, high, y }, color, x }: FigureProps) {
  return (
    <g>
      {low != null && high != null && (
        <line className={classes.whisker} x1={x(low)} x2={x(high)} y1={y} y2={y} stroke={color} />
      )}
      <SignShape sign={sign} x={x(value)} y={y} color={color} />
    </g>
  );
}

interface ShapeProps {
  sign: Sign;
  x: number;
  y: number;
  color: string;
}

function SignShape({ sign, x, y, color }: ShapeProps) {
  const drawn = {
    className: classes.sign,
    "data-sign": sign,
    ...(color === "" ? {} : { stroke: color, ...(sign === "ring" ? {} : { fill: color }) }),
  };
  if (sign === "square") return <rect {...drawn} x={x - 4} y={y - 4} width={8} height={8} />;
  return <circle {...drawn} cx={x} cy={y} r={5} />;
}

/** Signs with their names from left to right, on a new line where there is no room. */
function legendOf(signs: readonly SignName[], width: number) {
  let [at, line] = [0, 0];
  return signs.map(({ sign, name }) => {
    const wide = name.length * CHARACTER + SIGN_ROOM;
    if (at > 0 && at + wide > width) [at, line] = [0, line + 1];
    const placed = { sign, name, at, line };
    at += wide;
    return placed;
  });
}
