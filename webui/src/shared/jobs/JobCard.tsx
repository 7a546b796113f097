import { Link } from "@tanstack/react-router";
import { type ReactNode, useId, useState } from "react";
import type { JobView } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { cost } from "@/shared/words/energy";
import { ago, elapsed, moment } from "@/shared/words/time";
import { t, told } from "@/shared/words/translate";
import { CostDetails } from "./CostDetails";
import classes from "./JobCard.module.css";
import { JobLog } from "./JobLog";
import { isOver } from "./news";
import { ProgressBar } from "./ProgressBar";
import { StopButton } from "./StopButton";
import { useJobTitle } from "./useJobTitle";
import { advance, ending, liveMetrics, secondsRun } from "./words";

interface Props {
  job: JobView;
  /** Whether to name the project: not on the project's own page. */
  withProject?: boolean;
  /** Whose it is, where that is not clear. */
  withUser?: boolean;
  /** Whether the reader may stop it. */
  stoppable: boolean;
}

/** A job: what it does, how far it is, what it cost, and what can be done with it. */
export function JobCard({ job, withProject = false, withUser = false, stoppable }: Props) {
  const { title, subject } = useJobTitle(job);
  const over = isOver(job);
  const made = job.kind === "import" ? job.result?.project : null;
  const place = withProject ? (job.project ?? (typeof made === "string" ? made : null)) : null;
  return (
    <article className={classes.card} data-state={job.state} aria-label={title}>
      <div className={classes.head}>
        <div className={classes.what}>
          <h3 dir="auto">{title}</h3>
          <p className={classes.soft}>
            {place !== null && (
              <Link to="/projects/$slug" params={{ slug: place }} dir="auto">
                {place}
              </Link>
            )}
            {subject !== "" && <span dir="auto">{subject}</span>}
            {withUser && <span dir="auto">{job.user}</span>}
          </p>
        </div>
        {!over && stoppable && <StopButton job={job} title={title} />}
      </div>
      {over ? <Ended job={job} /> : <UnderWay job={job} title={title} />}
      {job.warning !== "" && <p className={classes.warning}>{told(job.warning)}</p>}
    </article>
  );
}

function UnderWay({ job, title }: { job: JobView; title: string }) {
  const now = useServerNow(1_000);
  if (job.state === "queued") {
    return (
      <p className={classes.soft}>
        <span>
          {t("waiting for {{time}}", {
            time: elapsed((now - Date.parse(job.created_at)) / 1000),
          })}
        </span>
        {job.message !== "" && <span dir="auto">{told(job.message)}</span>}
      </p>
    );
  }
  const far = advance(job, now);
  return (
    <>
      <ProgressBar share={job.progress} label={title} />
      {job.message !== "" && (
        <p className={classes.message} dir="auto">
          {told(job.message)}
        </p>
      )}
      <More job={job}>
        {far !== "" && <span className={classes.far}>{far}</span>}
        {liveMetrics(job.metrics).map((metric) => (
          <span key={metric}>{metric}</span>
        ))}
        <span>{t("{{time}} so far", { time: elapsed(secondsRun(job, now) ?? 0) })}</span>
      </More>
    </>
  );
}

function Ended({ job }: { job: JobView }) {
  const now = useServerNow(30_000);
  const spent = cost(job);
  const at = job.finished_at ?? job.created_at;
  return (
    <>
      {job.error !== null && (
        <p className={classes.error} dir="auto">
          {told(job.error)}
        </p>
      )}
      <More job={job}>
        <span className={classes.end}>{ending(job)}</span>
        <time dateTime={at} title={moment(at)}>
          {ago(at, now)}
        </time>
        {spent !== null && <span>{spent}</span>}
      </More>
    </>
  );
}

type Part = "log" | "cost";

/** Facts, and beside them what is shown on demand: the log, and how the cost was counted. */
function More({ job, children }: { job: JobView; children: ReactNode }) {
  const [opened, setOpened] = useState<Part | null>(null);
  const id = useId();
  const button = (part: Part, name: string) => (
    <button
      type="button"
      aria-expanded={opened === part}
      aria-controls={id}
      onClick={() => setOpened(opened === part ? null : part)}
    >
      {name}
    </button>
  );
  return (
    <div className={classes.foot}>
      <p className={classes.soft}>{children}</p>
      <div className={classes.more}>
        {button("log", t("Log"))}
        {job.energy !== null && button("cost", t("How it was counted"))}
      </div>
      <div id={id} className={classes.opened}>
        {opened === "log" && <JobLog id={job.id} />}
        {opened === "cost" && job.energy !== null && <CostDetails energy={job.energy} />}
      </div>
    </div>
  );
}
