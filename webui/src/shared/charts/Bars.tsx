import type { ReactNode } from "react";
import classes from "./Bars.module.css";

/** A bar: what it is of, how long, and that length in words. */
export interface Bar {
  readonly key: string;
  readonly name: ReactNode;
  readonly value: number;
  readonly shown: string;
  /** What else is worth saying of it. */
  readonly note?: string;
}

interface Props {
  bars: readonly Bar[];
  label: string;
}

/** Lengths to compare, each with its name and figure: a list that can be read without the bars. */
export function Bars({ bars, label }: Props) {
  const most = Math.max(0, ...bars.map(({ value }) => value));
  return (
    <ul className={classes.bars} aria-label={label}>
      {bars.map(({ key, name, value, shown, note }) => (
        <li key={key}>
          <span className={classes.name} dir="auto">
            {name}
          </span>
          <span
            className={classes.bar}
            style={{ "--share": most === 0 ? 0 : value / most }}
            aria-hidden="true"
          />
          <span className={classes.shown}>{shown}</span>
          {note !== undefined && <span className={classes.note}>{note}</span>}
        </li>
      ))}
    </ul>
  );
}
