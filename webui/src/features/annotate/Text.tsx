import { type ReactNode, useLayoutEffect } from "react";
import { t } from "@/shared/words/translate";
import classes from "./Text.module.css";

/** The text. Each gets its own element, so that the next one begins at its top. */
export function Text({ lang, id, children }: { lang: string; id: string; children: ReactNode }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each text is read from its top
  useLayoutEffect(() => {
    window.scrollTo(0, 0);
  }, [id]);
  return (
    <article
      className={classes.text}
      aria-label={t("Text to code")}
      aria-live="polite"
      aria-atomic="true"
    >
      <div key={id} className={classes.body} dir="auto" lang={lang} data-text-id={id}>
        {children}
      </div>
    </article>
  );
}
