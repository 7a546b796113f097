import classes from "./ProgressBar.module.css";

interface Props {
  /** In [0, 1]; null where it is not known how far it has come. */
  share: number | null;
  /** What it is of, for whoever cannot see it. */
  label: string;
}

/** How far a computation has come. */
export function ProgressBar({ share, label }: Props) {
  const known = share === null ? {} : { "aria-valuenow": Math.round(share * 100) };
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...known}
      className={classes.bar}
      data-unknown={share === null}
      style={{ "--share": share ?? 0 }}
    />
  );
}
