import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Problem } from "@/api/problem";
import type { JobEstimate } from "@/api/schema";
import { ModeSwitch } from "@/shared/form/ModeSwitch";
import { Estimate } from "@/shared/jobs/Estimate";
import { setTray } from "@/shared/jobs/trayState";
import { Notice } from "@/shared/ui/Notice";
import classes from "./StartForm.module.css";

interface Props {
  title: string;
  start: string;
  estimate: JobEstimate | null;
  problem: Problem | null;
  ready: boolean;
  pending: boolean;
  onStart: () => void;
  onCancel: () => void;
  children: ReactNode;
}

/** A form that starts a job: what it asks, what the job would take, and the button. */
export function StartForm(props: Props) {
  const { title, start, estimate, problem, ready, pending, onStart, onCancel, children } = props;
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
      {children}
      {problem !== null && (
        <Notice error={problem}>
          {problem.status === 409 && (
            <Button size="compact-sm" variant="default" onClick={() => setTray(true)}>
              Show jobs
            </Button>
          )}
        </Notice>
      )}
      <div className={classes.end}>
        <Estimate estimate={estimate} />
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={pending} disabled={!ready || estimate?.refusal != null}>
          {start}
        </Button>
      </div>
    </form>
  );
}
