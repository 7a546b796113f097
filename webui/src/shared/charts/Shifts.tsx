import { useState } from "react";
import { t } from "@/shared/words/translate";
import classes from "./Shifts.module.css";

/** A share, and what it was before; both from 0 to 1. */
export interface Shift {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly now: number;
  readonly before: number | null;
  readonly shown: string;
  /** How it changed, in words; nothing where that is not known. */
  readonly change: string;
}

interface Props {
  label: string;
  shifts: readonly Shift[];
}

const MOST = 12;

/** Shares now as bars, each with a line where it was before: a list that can be read without. */
export function Shifts({ label, shifts }: Props) {
  const [all, setAll] = useState(false);
  const most = Math.max(0, ...shifts.flatMap(({ now, before }) => [now, before ?? 0]));
  const share = (value: number) => `${most === 0 ? 0 : (value / most) * 100}%`;
  const more = all ? 0 : shifts.length - MOST;
  return (
    <>
      <ul className={classes.rows} aria-label={label}>
        {(more > 0 ? shifts.slice(0, MOST) : shifts).map((each) => (
          <li key={each.key}>
            <span className={classes.name} dir="auto">
              {each.name}
            </span>
            <span className={classes.track} aria-hidden="true">
              <span
                className={classes.bar}
                style={{ "--share": share(each.now), "--color": each.color }}
              />
              {each.before !== null && (
                <span className={classes.before} style={{ "--share": share(each.before) }} />
              )}
            </span>
            <span className={classes.shown}>{each.shown}</span>
            <span className={classes.change}>{each.change}</span>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" className={classes.more} onClick={() => setAll(true)}>
          {t("Show {{count}} more", { count: more })}
        </button>
      )}
    </>
  );
}
