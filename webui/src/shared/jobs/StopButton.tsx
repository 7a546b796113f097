import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { JobView } from "@/api/schema";
import { serverNow } from "@/shared/clock";
import { Notice } from "@/shared/ui/Notice";
import { elapsed } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { stopJob } from "./api";
import { putJob } from "./jobCache";
import classes from "./StopButton.module.css";
import { losesWork, secondsRun } from "./words";

/** Stops a job; asks first where that would throw away work. */
export function StopButton({ job, title }: { job: JobView; title: string }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const stopping = useMutation({
    mutationFn: () => stopJob(job.id),
    onSuccess: (stopped) => putJob(client, stopped),
  });
  const stop = () => {
    setAsking(false);
    stopping.mutate();
  };
  if (stopping.error) {
    return (
      <Notice error={stopping.error}>
        <Button size="compact-sm" variant="default" onClick={stop}>
          {t("Try again")}
        </Button>
      </Notice>
    );
  }
  // It is asked to stop, and ends when it next looks up from its work.
  if (stopping.isPending || stopping.isSuccess) {
    return <span className={classes.stopping}>{t("stopping…")}</span>;
  }
  if (!asking) {
    return (
      <Button
        size="compact-sm"
        variant="default"
        aria-label={t("Stop: {{title}}", { title })}
        onClick={() => (losesWork(job, serverNow()) ? setAsking(true) : stop())}
      >
        {t("Stop")}
      </Button>
    );
  }
  return (
    <fieldset className={classes.asking} aria-label={t("Stop: {{title}}?", { title })}>
      <span>
        {t("{{time}} of work would be lost.", {
          time: elapsed(secondsRun(job, serverNow()) ?? 0),
        })}
      </span>
      <Button size="compact-sm" variant="default" c="var(--bad)" onClick={stop}>
        {t("Stop it")}
      </Button>
      <Button size="compact-sm" variant="default" autoFocus onClick={() => setAsking(false)}>
        {t("Keep it")}
      </Button>
    </fieldset>
  );
}
