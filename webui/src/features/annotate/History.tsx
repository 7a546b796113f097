import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Element } from "@/api/schema";
import { serverNow } from "@/shared/clock";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { findText, historyQuery } from "./api";
import type { Place } from "./outbox/storage";
import { type OwnAnswer, ownAnswers } from "./ownAnswers";
import classes from "./Quality.module.css";

interface Props {
  place: Place;
  open: boolean;
  /** Grows with each answer that the server has confirmed. */
  confirmed: number;
  onToggle: () => void;
  onBring: (element: Element) => void;
}

/** One's own last answers; each brings its text back, to be corrected. */
export function History({ open, onToggle, ...rest }: Props) {
  return (
    <section>
      <h2>
        <button
          type="button"
          className={classes.heading}
          aria-expanded={open}
          aria-keyshortcuts="h"
          onClick={onToggle}
        >
          {t("My answers")}
        </button>
      </h2>
      {open && <Answers {...rest} />}
    </section>
  );
}

function Answers({ place, confirmed, onBring }: Omit<Props, "open" | "onToggle">) {
  const { project: slug, scheme } = place;
  const client = useQueryClient();
  const history = useQuery(historyQuery(slug, scheme));
  const bringing = useMutation({
    mutationFn: ({ id, text }: OwnAnswer) => findText(slug, scheme, id, text),
    onSuccess: (element) => {
      onBring(element);
      // The keys are for coding again.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    },
  });
  useEffect(() => {
    if (confirmed > 0) void client.invalidateQueries(historyQuery(slug, scheme));
  }, [client, slug, scheme, confirmed]);
  const answers = ownAnswers(history.data ?? []);
  return (
    <>
      {history.isPending && <Skeleton />}
      {(history.error ?? bringing.error) && <Notice error={history.error ?? bringing.error} />}
      {history.data && (
        <p className={classes.soft}>
          {answers.length === 0
            ? t("You have answered nothing here yet.")
            : t("Choose one to bring its text back and correct it.")}
        </p>
      )}
      <ul className={classes.history} aria-label={t("My answers")}>
        {answers.map((answer) => (
          <li key={answer.id}>
            <button
              type="button"
              className={classes.entry}
              disabled={bringing.isPending}
              onClick={() => bringing.mutate(answer)}
            >
              <span dir="auto">{answer.words}</span>
              <span className={classes.of} dir="auto">
                {answer.text}
              </span>
              <span>{ago(answer.at, serverNow())}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
