import { useInfiniteQuery } from "@tanstack/react-query";
import type { JobState } from "@/api/schema";
import { projectJobsQuery } from "@/shared/jobs/api";
import { JobCard } from "@/shared/jobs/JobCard";
import { isBackground, isOver } from "@/shared/jobs/news";
import { useSession } from "@/shared/session/session";
import { t } from "@/shared/words/translate";
import classes from "../Models.module.css";
import { Course } from "../model/Course";

const LIVE: readonly JobState[] = ["queued", "running"];

/** What computes now, whoever started it; a training with the curves that it has reported so far. */
export function UnderWay({ slug, manager }: { slug: string; manager: boolean }) {
  const user = useSession()?.username;
  const jobs = useInfiniteQuery(projectJobsQuery(slug, LIVE));
  const live = (jobs.data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter((job) => !isOver(job) && !isBackground(job));
  if (live.length === 0) return null;
  return (
    <section className={classes.underWay} aria-label={t("Under way")}>
      {live.map((job) => (
        <div key={job.id}>
          <JobCard
            job={job}
            withUser={job.user !== user}
            stoppable={manager || job.user === user}
          />
          {job.kind === "train" && job.state === "running" && <Course job={job.id} live />}
        </div>
      ))}
    </section>
  );
}
