import type { ReactNode } from "react";
import classes from "./Page.module.css";

/** The body of a page that is read rather than worked in. */
export function Page({ children }: { children: ReactNode }) {
  return <main className={classes.page}>{children}</main>;
}

/** Grey lines where something will stand in a moment. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className={classes.skeleton} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no identity
        <span key={line} />
      ))}
    </div>
  );
}
