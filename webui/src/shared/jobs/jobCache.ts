import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { JobPage, JobState, JobView } from "@/api/schema";
import { serverNow } from "@/shared/clock";
import { afterNews, type JobNews } from "./news";

type Pages = InfiniteData<JobPage, string | null>;

/** Let every list that has the job follow the news; return the job, or null where none has it. */
export function patchJob(client: QueryClient, news: JobNews): JobView | null {
  const now = new Date(serverNow()).toISOString();
  let patched: JobView | null = null;
  const follow = (job: JobView): JobView => {
    if (job.id !== news.id) return job;
    patched = afterNews(job, news, now);
    return patched;
  };
  client.setQueriesData<readonly JobView[]>({ queryKey: ["jobs", "mine"] }, (jobs) =>
    changed(jobs, follow),
  );
  client.setQueriesData<Pages>({ queryKey: ["jobs", "project"] }, (pages) =>
    pages === undefined ? undefined : inPages(pages, follow),
  );
  return patched;
}

/** Put a job that the server has just shown into the lists that it belongs to. */
export function putJob(client: QueryClient, job: JobView): void {
  client.setQueriesData<readonly JobView[]>({ queryKey: ["jobs", "mine", job.user] }, (jobs) =>
    jobs === undefined ? undefined : withJob(jobs, job),
  );
  if (job.project === null) return;
  for (const [key, pages] of client.getQueriesData<Pages>({
    queryKey: ["jobs", "project", job.project],
  })) {
    if (pages === undefined) continue;
    const states = key[3] as readonly JobState[];
    const follow = (each: JobView) => (each.id === job.id ? job : each);
    const known = pages.pages.some(({ items }) => items.some(({ id }) => id === job.id));
    if (known) client.setQueryData<Pages>(key, inPages(pages, follow));
    else if (states.length === 0 || states.includes(job.state)) {
      client.setQueryData<Pages>(key, onFirstPage(pages, job));
    }
  }
}

/** Return the jobs with one replaced, or put where it belongs by its age. */
export function withJob(jobs: readonly JobView[], job: JobView): readonly JobView[] {
  if (jobs.some(({ id }) => id === job.id)) {
    return jobs.map((each) => (each.id === job.id ? job : each));
  }
  const at = jobs.findIndex(({ created_at }) => created_at < job.created_at);
  return jobs.toSpliced(at < 0 ? jobs.length : at, 0, job);
}

function changed(
  jobs: readonly JobView[] | undefined,
  follow: (job: JobView) => JobView,
): readonly JobView[] | undefined {
  const followed = jobs?.map(follow);
  // The same list where nothing in it changed: nothing is drawn anew.
  return followed?.some((job, at) => job !== jobs?.[at]) ? followed : jobs;
}

function inPages(pages: Pages, follow: (job: JobView) => JobView): Pages {
  const followed = pages.pages.map((page) => {
    const items = changed(page.items, follow) as JobView[];
    return items === page.items ? page : { ...page, items };
  });
  const same = followed.every((page, at) => page === pages.pages[at]);
  return same ? pages : { ...pages, pages: followed };
}

function onFirstPage(pages: Pages, job: JobView): Pages {
  const [first, ...rest] = pages.pages;
  if (first === undefined) return pages;
  const items = withJob(first.items, job) as JobView[];
  return { ...pages, pages: [{ ...first, items }, ...rest] };
}
