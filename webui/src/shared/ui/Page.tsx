import type { ReactNode } from "react";
import { t } from "@/shared/words/translate";
import classes from "./Page.module.css";

/** The body of a page: as wide as is read well, or, where it is worked in, as the window. */
export function Page({ wide = false, children }: { wide?: boolean; children: ReactNode }) {
  return (
    <main className={classes.page} data-wide={wide || undefined}>
      {children}
    </main>
  );
}

/** Grey lines where something will stand in a moment. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className={classes.skeleton} role="status" aria-label={t("Loading")}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no identity
        <span key={line} />
      ))}
    </div>
  );
}
