import classes from "./Monitor.module.css";

interface Props {
  name: string;
  /** In [0, 1]; null where nobody measured it. */
  share: number | null;
  shown: string;
  /** From this share on it is a worry. */
  high?: number;
  title?: string;
}

/** How full something is, in words and as a bar. */
export function Meter({ name, share, shown, high = 0.9, title }: Props) {
  return (
    <div className={classes.meterLine} title={title}>
      <span dir="auto">{name}</span>
      <span className={classes.soft}>{shown}</span>
      {share !== null && (
        <div
          // The words beside it say the same.
          aria-hidden="true"
          className={classes.meter}
          data-high={share >= high}
          style={{ "--share": Math.min(1, share) }}
        />
      )}
    </div>
  );
}
