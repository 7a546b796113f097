import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { JobEstimate, JobPage, JobState, JobView, NewEstimate } from "@/api/schema";
import { position, upToDate } from "./heard";

const MOST_LIVE = 500;
const MOST_ENDED = 100;
const PAGE = 50;

async function list(
  query: { project?: string; state?: JobState[]; cursor?: string; limit: number },
  signal: AbortSignal,
): Promise<JobPage> {
  const asked = position();
  const page = await body(api.GET("/api/v1/jobs", { params: { query }, signal }));
  return { ...page, items: page.items.map((job) => upToDate(job, asked)) };
}

/** The user's own jobs, newest first: all that are under way and some that have ended. */
export function myJobsQuery(user: string) {
  return queryOptions({
    queryKey: ["jobs", "mine", user],
    queryFn: async ({ signal }): Promise<readonly JobView[]> => {
      const [live, newest] = await Promise.all([
        list({ state: ["queued", "running"], limit: MOST_LIVE }, signal),
        list({ limit: MOST_ENDED }, signal),
      ]);
      const known = new Set(newest.items.map(({ id }) => id));
      const all = [...newest.items, ...live.items.filter(({ id }) => !known.has(id))];
      // Root is told of everybody's.
      return all.filter((job) => job.user === user);
    },
  });
}

/** A project's jobs, newest first, a page at a time. */
export function projectJobsQuery(slug: string, states: readonly JobState[]) {
  return infiniteQueryOptions({
    queryKey: ["jobs", "project", slug, states],
    initialPageParam: null as string | null,
    getNextPageParam: (page: JobPage) => page.cursor ?? null,
    queryFn: ({ pageParam, signal }) =>
      list(
        {
          project: slug,
          limit: PAGE,
          ...(states.length === 0 ? {} : { state: [...states] }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        signal,
      ),
  });
}

/** Await a job that the server shows, and what was heard of it on the way. */
export async function shown(ask: () => Promise<JobView>): Promise<JobView> {
  const asked = position();
  return upToDate(await ask(), asked);
}

export function fetchJob(id: string): Promise<JobView> {
  return shown(() => body(api.GET("/api/v1/jobs/{job}", { params: { path: { job: id } } })));
}

/** Ask a job to stop; one that runs ends a moment later. */
export function stopJob(id: string): Promise<JobView> {
  return shown(() => body(api.DELETE("/api/v1/jobs/{job}", { params: { path: { job: id } } })));
}

export function logQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id, "log"],
    queryFn: async ({ signal }): Promise<readonly string[]> => {
      const path = { job: id };
      return (await body(api.GET("/api/v1/jobs/{job}/log", { params: { path }, signal }))).lines;
    },
  });
}

/** What a job would take that somebody thinks of. */
export function estimateQuery(slug: string, job: NewEstimate) {
  return queryOptions({
    queryKey: ["project", slug, "estimate", job],
    queryFn: ({ signal }): Promise<JobEstimate> =>
      body(
        api.POST("/api/v1/projects/{slug}/jobs/estimate", {
          params: { path: { slug } },
          body: job,
          signal,
        }),
      ),
  });
}
