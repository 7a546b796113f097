import type { Verdict } from "@/api/schema";
import classes from "./Stopping.module.css";
import { VERDICTS } from "./words";

/** A verdict as a sign and a word; its colour only repeats them. */
export function VerdictMark({ verdict }: { verdict: Verdict }) {
  return (
    <span className={classes.verdict} data-verdict={verdict}>
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        {SIGNS[verdict]}
      </svg>
      {VERDICTS[verdict]}
    </span>
  );
}

const SIGNS = {
  "too-early": (
    <>
      <circle cx="9" cy="9" r="7" />
      <path d="M9 5v4.2l2.6 1.8" />
    </>
  ),
  "go-on": <path d="M2.5 9h12M10 4.5 14.5 9 10 13.5" />,
  "could-stop": (
    <>
      <path d="M6 1.8h6l4.2 4.2v6L12 16.2H6L1.8 12V6z" />
      <path d="m5.8 9.2 2.3 2.3 4.2-4.6" />
    </>
  ),
} as const;
