import { CloseButton } from "@mantine/core";
import { useEffect, useState } from "react";
import { t } from "@/shared/words/translate";
import classes from "./Notices.module.css";
import { dismiss, type Notice, useNotices } from "./notices";

/** How long a notice stays: what is bad needs reading. The tray keeps both. */
const SHOWN_FOR = { good: 8_000, bad: 30_000 } as const;

/** Notices in a corner, read out by screen readers; the region is there before the first. */
export function Notices() {
  const notices = useNotices();
  return (
    <section className={classes.corner} aria-label={t("Notices")} aria-live="polite">
      {notices.map((notice) => (
        <Card key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function Card({ notice }: { notice: Notice }) {
  const { id, tone, title, text, action } = notice;
  const [held, setHeld] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a notice that replaced another stays as long
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), SHOWN_FOR[tone]);
    return () => clearTimeout(timer);
  }, [notice, id, tone, held]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: whoever reads it keeps it there
    <div
      className={classes.card}
      data-tone={tone}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div className={classes.words}>
        <p className={classes.title} dir="auto">
          {title}
        </p>
        {text !== undefined && (
          <p className={classes.text} dir="auto">
            {text}
          </p>
        )}
        {action !== undefined && (
          <button
            type="button"
            className={classes.action}
            onClick={() => {
              dismiss(id);
              action.run();
            }}
          >
            {action.title}
          </button>
        )}
      </div>
      <CloseButton
        size="sm"
        aria-label={t("Close: {{title}}", { title })}
        onClick={() => dismiss(id)}
      />
    </div>
  );
}
