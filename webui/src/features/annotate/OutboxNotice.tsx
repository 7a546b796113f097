import { Button } from "@mantine/core";
import { Notice } from "@/shared/ui/Notice";
import classes from "./OutboxNotice.module.css";
import { described } from "./outbox/operation";
import type { Outbox, OutboxState } from "./outbox/outbox";

/** What is not saved, why, and what becomes of it. Nothing while all goes well. */
export function OutboxNotice({ outbox, posted }: { outbox: Outbox; posted: OutboxState }) {
  if (posted.failure === null && posted.refused.length === 0) return null;
  return (
    <div className={classes.notices}>
      {posted.failure !== null && (
        <Notice error={new Error(waitingSentence(posted.waiting, posted.failure.detail))}>
          <Button size="compact-sm" variant="default" onClick={() => outbox.retry()}>
            Try now
          </Button>
        </Notice>
      )}
      {posted.refused.map(({ operation, problem }) => (
        <Notice
          key={operation.key}
          error={new Error(`${described(operation)} was not accepted. ${problem.detail}`)}
        >
          <Button size="compact-sm" variant="default" onClick={() => outbox.resend(operation.key)}>
            Try again
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => outbox.discard(operation.key)}>
            Give it up
          </Button>
        </Notice>
      ))}
    </div>
  );
}

/** Say how much waits and that nothing is lost. */
export function waitingSentence(waiting: number, why: string): string {
  const what = waiting === 1 ? "1 change is" : `${waiting} changes are`;
  return `${why} ${what} kept in this browser and will be sent as soon as possible; you can go on.`;
}
