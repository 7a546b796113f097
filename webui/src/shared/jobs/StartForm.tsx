import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Problem } from "@/api/problem";
import type { JobEstimate } from "@/api/schema";
import { ModeSwitch } from "@/shared/form/ModeSwitch";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { Estimate } from "./Estimate";
import classes from "./StartForm.module.css";
import { setTray } from "./trayState";

interface Props {
  title: string;
  start: string;
  estimate: JobEstimate | null;
  /** What stands in the place of an estimate, for jobs that have none. */
  note?: ReactNode;
  problem: Problem | null;
  ready: boolean;
  pending: boolean;
  onStart: () => void;
  onCancel: () => void;
  children: ReactNode;
}

/** A form that starts a job: what it asks, what the job would take, and the button. */
export function StartForm(props: Props) {
  const { title, start, estimate, note, problem, ready, pending, onStart, onCancel } = props;
  return (
    <form
      className={classes.form}
      aria-label={title}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onStart();
      }}
    >
      <div className={classes.head}>
        <h3>{title}</h3>
        <ModeSwitch />
      </div>
      {props.children}
      {problem !== null && (
        <Notice error={problem}>
          {problem.status === 409 && (
            <Button size="compact-sm" variant="default" onClick={() => setTray(true)}>
              {t("Show jobs")}
            </Button>
          )}
        </Notice>
      )}
      <div className={classes.end}>
        {note ?? <Estimate estimate={estimate} />}
        <Button variant="default" onClick={onCancel}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={pending} disabled={!ready || estimate?.refusal != null}>
          {start}
        </Button>
      </div>
    </form>
  );
}
