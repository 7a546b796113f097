import classes from "./Intervals.module.css";
import { linear, roundDomain } from "./scale";

/** A figure with its interval, to be compared with others and with zero. */
export interface IntervalRow {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly value: number;
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
  /** The figure and its interval in words. */
  readonly shown: string;
}

interface Props {
  label: string;
  rows: readonly IntervalRow[];
  /** A value that an interval either contains or not, such as 0 for gains. */
  reference?: number;
  /** What the line reaches from and to, where several lists are to be compared. */
  domain?: readonly [number, number];
}

/** Dots with intervals, one line each: a list that can be read without them. */
export function Intervals({ label, rows, reference, domain }: Props) {
  const all = rows.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  if (reference !== undefined) all.push(reference);
  const place = linear(domain ?? roundDomain(Math.min(...all), Math.max(...all), 5), [0, 100]);
  return (
    <ul className={classes.rows} aria-label={label}>
      {rows.map(({ key, name, color, value, low, high, shown }) => (
        <li key={key}>
          <span className={classes.name} dir="auto">
            {name}
          </span>
          <span className={classes.track} aria-hidden="true">
            {reference !== undefined && (
              <span className={classes.reference} style={{ "--at": `${place(reference)}%` }} />
            )}
            {low != null && high != null && (
              <span
                className={classes.interval}
                style={{
                  "--at": `${place(low)}%`,
                  "--width": `${place(high) - place(low)}%`,
                  "--color": color,
                }}
              />
            )}
            <span
              className={classes.dot}
              style={{ "--at": `${place(value)}%`, "--color": color }}
            />
          </span>
          <span className={classes.shown}>{shown}</span>
        </li>
      ))}
    </ul>
  );
}
