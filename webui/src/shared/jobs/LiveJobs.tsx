import { useInfiniteQuery } from "@tanstack/react-query";
import type { JobState, JobView } from "@/api/schema";
import { useSession } from "@/shared/session/session";
import { projectJobsQuery } from "./api";
import { JobCard } from "./JobCard";
import classes from "./LiveJobs.module.css";
import { isBackground, isOver } from "./news";

interface Props {
  slug: string;
  manager: boolean;
  /** Which of them are shown; all where it is not given. */
  only?: (job: JobView) => boolean;
}

const LIVE: readonly JobState[] = ["queued", "running"];

/** A project's jobs that run or wait, whoever started them. */
export function LiveJobs({ slug, manager, only }: Props) {
  const user = useSession()?.username;
  const jobs = useInfiniteQuery(projectJobsQuery(slug, LIVE));
  const live = (jobs.data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter((job) => !isOver(job) && !isBackground(job) && (only?.(job) ?? true));
  if (live.length === 0) return null;
  return (
    <div className={classes.live}>
      {live.map((job) => (
        <JobCard
          key={job.id}
          job={job}
          withUser={job.user !== user}
          stoppable={manager || job.user === user}
        />
      ))}
    </div>
  );
}
