import { Link } from "@tanstack/react-router";
import type { MonitorReport } from "@/api/schema";
import { ago } from "@/shared/words/time";
import { t, told } from "@/shared/words/translate";
import { Table } from "./Table";

/** What has gone wrong within a day. */
export function Errors({ report, now }: { report: MonitorReport; now: number }) {
  const { failed_jobs, failed_requests } = report;
  return (
    <section aria-labelledby="errors">
      <h2 id="errors">{t("Errors of the last day")}</h2>
      <Table
        label={t("Jobs that failed")}
        columns={[t("When"), t("Job"), t("Project"), t("Person"), `~${t("Why")}`]}
        none={t("No job has failed.")}
        rows={failed_jobs.map((job) => ({
          key: job.id,
          cells: [
            ago(job.finished_at, now),
            job.kind,
            job.project === null ? (
              "-"
            ) : (
              <Link key="project" to="/projects/$slug/jobs" params={{ slug: job.project }}>
                {job.project}
              </Link>
            ),
            job.user,
            told(job.error),
          ],
        }))}
      />
      <h3>{t("Requests")}</h3>
      <Table
        label={t("Requests that failed")}
        columns={[t("When"), t("Request"), `#${t("Status")}`, `~${t("Why")}`, t("In the log")]}
        none={t("Every request was answered.")}
        rows={failed_requests.map((request) => ({
          key: request.request_id,
          cells: [
            ago(request.at, now),
            `${request.method} ${request.path}`,
            request.status,
            request.error,
            <code key="id">{request.request_id}</code>,
          ],
        }))}
      />
    </section>
  );
}
