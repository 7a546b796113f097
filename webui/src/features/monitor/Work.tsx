import { Link } from "@tanstack/react-router";
import type { MonitorReport } from "@/api/schema";
import { percent } from "@/shared/words/number";
import { megabytes } from "@/shared/words/size";
import { roughTime } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import classes from "./Monitor.module.css";
import { Table } from "./Table";
import { jobTable, STATE_NAMES, workerState } from "./words";

type Worker = MonitorReport["workers"][number];

/** Queues, the workers that serve them, and how many jobs there were. */
export function Work({ report, now }: { report: MonitorReport; now: number }) {
  const { queues, workers, jobs } = report;
  return (
    <>
      <section aria-labelledby="queues">
        <h2 id="queues">{t("Queues")}</h2>
        <Table
          label={t("Queues")}
          columns={[
            t("Queue"),
            `#${t("Waiting")}`,
            `#${t("Running")}`,
            `#${t("Workers")}`,
            t("Longest wait"),
          ]}
          none={t("There is no queue.")}
          rows={queues.map((queue) => ({
            key: queue.name,
            cells: [
              queue.name,
              queue.queued,
              queue.running,
              queue.workers,
              queue.oldest_seconds === null ? "-" : roughTime(queue.oldest_seconds),
            ],
          }))}
        />
      </section>
      <section aria-labelledby="workers">
        <h2 id="workers">{t("Workers")}</h2>
        <Table
          label={t("Workers")}
          columns={[
            t("Worker"),
            t("Queue"),
            t("State"),
            t("Job"),
            `#${t("Memory")}`,
            `#${t("Restarts")}`,
          ]}
          none={t("No worker is there: nothing can be computed.")}
          rows={workers.map((worker) => ({
            key: worker.name,
            cells: [
              <span key="name" title={worker.name}>
                {worker.host} {worker.pid === null ? "" : `#${worker.pid}`}
              </span>,
              worker.queue.replaceAll(",", ", "),
              <span
                key="state"
                data-bad={worker.state === "silent" || worker.state === "restarting"}
              >
                {workerState(worker, now)}
              </span>,
              <JobOf key="job" worker={worker} />,
              worker.memory_mb === null ? "-" : megabytes(worker.memory_mb),
              worker.supervised ? worker.restarts : t("{{n}}, not ours", { n: worker.restarts }),
            ],
          }))}
        />
      </section>
      <section aria-labelledby="counts">
        <h2 id="counts">{t("Jobs of the last day")}</h2>
        <Table
          label={t("Jobs of the last day")}
          columns={[t("Kind"), ...STATE_NAMES.map((name) => `#${name}`)]}
          none={t("There was none.")}
          rows={jobTable(jobs).map(({ kind, counts }) => ({
            key: kind,
            cells: [kind, ...counts.map((count) => (count === 0 ? "" : count))],
          }))}
        />
      </section>
    </>
  );
}

function JobOf({ worker: { job } }: { worker: Worker }) {
  if (job === null) return "-";
  const far = job.progress === null ? "" : `, ${percent(job.progress)}`;
  return (
    <>
      {t("{{kind}} for {{user}}", { kind: job.kind, user: job.user })}
      {far}
      {job.project !== null && (
        <>
          {" · "}
          <Link to="/projects/$slug/jobs" params={{ slug: job.project }} className={classes.place}>
            {job.project}
          </Link>
        </>
      )}
    </>
  );
}
