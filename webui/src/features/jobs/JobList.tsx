import { Button, SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { JobState, JobView, ProjectInfo } from "@/api/schema";
import { projectJobsQuery } from "@/shared/jobs/api";
import { JobCard } from "@/shared/jobs/JobCard";
import { useSession } from "@/shared/session/session";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { wattHours } from "@/shared/words/energy";
import { t } from "@/shared/words/translate";
import { folded } from "./folded";
import classes from "./JobsPage.module.css";

const SHOWN: Readonly<Record<string, { label: string; states: readonly JobState[] }>> = {
  all: { label: t("All jobs"), states: [] },
  live: { label: t("Under way"), states: ["queued", "running"] },
  failed: { label: t("Failed"), states: ["failed"] },
};

/** A project's jobs, whoever started them, newest first. */
export function JobList({ project }: { project: ProjectInfo }) {
  const [shown, setShown] = useState("all");
  const states = SHOWN[shown]?.states ?? [];
  const jobs = useInfiniteQuery(projectJobsQuery(project.slug, states));
  const items = (jobs.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter(({ state }) => states.length === 0 || states.includes(state));
  return (
    <section aria-labelledby="jobs">
      <div className={classes.listHead}>
        <h2 id="jobs">{t("Jobs")}</h2>
        <SegmentedControl
          size="xs"
          data={Object.entries(SHOWN).map(([value, { label }]) => ({ value, label }))}
          value={shown}
          onChange={setShown}
          aria-label={t("Which jobs")}
          transitionDuration={0}
        />
      </div>
      {jobs.error && <Notice error={jobs.error} />}
      {jobs.isPending && <Skeleton lines={6} />}
      {jobs.isSuccess && items.length === 0 && <p className={classes.none}>{NONE[shown]}</p>}
      {folded(items).map((entry) =>
        "kind" in entry ? (
          <Job key={entry.id} job={entry} project={project} />
        ) : (
          <Guides key={entry.guides[0]?.id} guides={entry.guides} project={project} />
        ),
      )}
      {jobs.hasNextPage && (
        <Button
          variant="default"
          fullWidth
          mt="md"
          loading={jobs.isFetchingNextPage}
          onClick={() => void jobs.fetchNextPage()}
        >
          {t("Show older ones")}
        </Button>
      )}
    </section>
  );
}

const NONE: Readonly<Record<string, string>> = {
  all: t("Nothing was computed in this project yet."),
  live: t("Nothing is under way."),
  failed: t("No job has failed."),
};

function Job({ job, project }: { job: JobView; project: ProjectInfo }) {
  const own = useSession()?.username === job.user;
  return <JobCard job={job} withUser={!own} stoppable={own || project.role === "manager"} />;
}

/** A guide that learnt many times in a row is one line, until somebody wants to know. */
function Guides({ guides, project }: { guides: readonly JobView[]; project: ProjectInfo }) {
  const spent = guides.reduce((sum, { wh }) => sum + (wh ?? 0), 0);
  return (
    <details className={classes.guides}>
      <summary>
        {t("The guide has learnt {{count}} times meanwhile, {{energy}}", {
          count: guides.length,
          energy: wattHours(spent),
        })}
      </summary>
      {guides.map((job) => (
        <Job key={job.id} job={job} project={project} />
      ))}
    </details>
  );
}
