import { useId } from "react";
import { t } from "@/shared/words/translate";
import classes from "./Columns.module.css";

/** A column: a stretch of time, and what there was in it. */
export interface Column {
  readonly key: string;
  readonly name: string;
  readonly value: number;
  readonly shown: string;
}

interface Props {
  columns: readonly Column[];
  label: string;
  /** The figure at the top of the tallest column. */
  top: string;
}

const HEIGHT = 120;
const STEP = 10;

/** Amounts in the course of time. Whoever cannot see it has the table below. */
export function Columns({ columns, label, top }: Props) {
  const id = useId();
  const most = Math.max(0, ...columns.map(({ value }) => value));
  const width = Math.max(1, columns.length) * STEP;
  const first = columns[0]?.name ?? "";
  const last = columns.at(-1)?.name ?? "";
  return (
    <figure className={classes.figure} aria-label={label}>
      <div className={classes.plot}>
        <span className={classes.top} aria-hidden="true">
          {top}
        </span>
        <svg
          viewBox={`0 0 ${width} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={label}
          aria-describedby={id}
        >
          <title>{label}</title>
          {columns.map(({ key, name, value, shown }, at) => {
            // What is not nothing can be seen.
            const height = most === 0 || value === 0 ? 0 : Math.max(1.5, (value / most) * HEIGHT);
            return (
              <rect
                key={key}
                x={at * STEP + 1}
                y={HEIGHT - height}
                width={STEP - 2}
                height={height}
              >
                <title>{t("{{name}}: {{value}}", { name, value: shown })}</title>
              </rect>
            );
          })}
        </svg>
        <div className={classes.ends} aria-hidden="true">
          <span>{first}</span>
          {last !== first && <span>{last}</span>}
        </div>
      </div>
      <details id={id} className={classes.table}>
        <summary>{t("As a table")}</summary>
        <table>
          <tbody>
            {columns
              .filter(({ value }) => value > 0)
              .map(({ key, name, shown }) => (
                <tr key={key}>
                  <th scope="row">{name}</th>
                  <td>{shown}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
