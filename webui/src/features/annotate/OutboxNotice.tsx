import { Button } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import classes from "./OutboxNotice.module.css";
import { described } from "./outbox/operation";
import type { Outbox } from "./outbox/outbox";

/** What is not saved, why, and what becomes of it. Nothing while all goes well. */
export function OutboxNotice({ outbox }: { outbox: Outbox }) {
  const posted = useSyncExternalStore(outbox.subscribe, outbox.state);
  if (posted.failure === null && posted.refused.length === 0) return null;
  return (
    <div className={classes.notices}>
      {posted.failure !== null && (
        <Notice error={new Error(waitingSentence(posted.waiting, posted.failure.detail))}>
          <Button size="compact-sm" variant="default" onClick={() => outbox.retry()}>
            {t("Try now")}
          </Button>
        </Notice>
      )}
      {posted.refused.map(({ operation, problem }) => (
        <Notice
          key={operation.key}
          error={
            new Error(
              t("{{what}} was not accepted. {{why}}", {
                what: described(operation),
                why: problem.detail,
              }),
            )
          }
        >
          <Button size="compact-sm" variant="default" onClick={() => outbox.resend(operation.key)}>
            {t("Try again")}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => outbox.discard(operation.key)}>
            {t("Give it up")}
          </Button>
        </Notice>
      ))}
    </div>
  );
}

/** Say how much waits and that nothing is lost. */
export function waitingSentence(waiting: number, why: string): string {
  const kept = t(
    "{{count}} changes are kept in this browser and will be sent as soon as possible; you can go on.",
    { count: waiting },
  );
  return `${why} ${kept}`;
}
