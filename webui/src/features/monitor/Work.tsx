import { Link } from "@tanstack/react-router";
import type { MonitorReport } from "@/api/schema";
import { percent } from "@/shared/words/number";
import { megabytes } from "@/shared/words/size";
import { roughTime } from "@/shared/words/time";
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
        <h2 id="queues">Queues</h2>
        <Table
          label="Queues"
          columns={["Queue", "#Waiting", "#Running", "#Workers", "Longest wait"]}
          none="There is no queue."
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
        <h2 id="workers">Workers</h2>
        <Table
          label="Workers"
          columns={["Worker", "Queue", "State", "Job", "#Memory", "#Restarts"]}
          none="No worker is there: nothing can be computed."
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
              worker.supervised ? worker.restarts : `${worker.restarts}, not ours`,
            ],
          }))}
        />
      </section>
      <section aria-labelledby="counts">
        <h2 id="counts">Jobs of the last day</h2>
        <Table
          label="Jobs of the last day"
          columns={["Kind", ...STATE_NAMES.map((name) => `#${name}`)]}
          none="There was none."
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
      {job.kind} for {job.user}
      {far}
      {job.project !== null && (
        <>
          {" "}
          in{" "}
          <Link to="/projects/$slug/jobs" params={{ slug: job.project }} className={classes.place}>
            {job.project}
          </Link>
        </>
      )}
    </>
  );
}
