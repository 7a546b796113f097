import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type {
  DrawPlan,
  EstimatorPlans,
  JobPage,
  JobView,
  NewCorpusEstimate,
  SampleInfo,
} from "@/api/schema";
import { fetchJob, shown } from "@/shared/jobs/api";

const PAGE = 30;

/** A project's estimates that have ended, newest first; of all its schemes. */
export function estimatesQuery(slug: string) {
  return infiniteQueryOptions({
    queryKey: ["project", slug, "estimates", "list"],
    initialPageParam: null as string | null,
    getNextPageParam: (page: JobPage) => page.cursor ?? null,
    queryFn: ({ pageParam, signal }): Promise<JobPage> =>
      body(
        api.GET("/api/v1/jobs", {
          params: {
            query: {
              project: slug,
              kind: ["estimate"],
              state: ["done", "failed"],
              limit: PAGE,
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
}

/** One estimate, whatever has become of it. */
export function estimateJobQuery(slug: string, job: string) {
  return queryOptions({
    queryKey: ["project", slug, "estimates", job],
    queryFn: (): Promise<JobView> => fetchJob(job),
  });
}

export function startEstimate(
  slug: string,
  scheme: string,
  estimate: NewCorpusEstimate,
): Promise<JobView> {
  return shown(() =>
    body(
      api.POST("/api/v1/projects/{slug}/schemes/{scheme}/estimates", {
        params: { path: { slug, scheme } },
        body: estimate,
      }),
    ),
  );
}

export function samplesQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "drawn-samples"],
    queryFn: async ({ signal }): Promise<readonly SampleInfo[]> => {
      const path = { slug };
      const asked = api.GET("/api/v1/projects/{slug}/drawn-samples", { params: { path }, signal });
      return (await body(asked)).items;
    },
  });
}

export function drawSample(slug: string, name: string, plan: DrawPlan): Promise<SampleInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/drawn-samples", {
      params: { path: { slug } },
      body: { name, plan },
    }),
  );
}

export function deleteSample(slug: string, sample: string): Promise<unknown> {
  return body(
    api.DELETE("/api/v1/projects/{slug}/drawn-samples/{sample}", {
      params: { path: { slug, sample } },
    }),
  );
}

/** What a plan goes by, in shares from 0 to 1. */
export interface PlanWish {
  readonly prevalence: number;
  readonly half_width: number;
  readonly correlation: number;
  readonly level: number;
}

/** How many human labels each estimator needs for an interval of a share. */
export function plansQuery(slug: string, wish: PlanWish) {
  return queryOptions({
    queryKey: ["project", slug, "estimate-plans", wish],
    queryFn: ({ signal }): Promise<EstimatorPlans> =>
      body(
        api.GET("/api/v1/projects/{slug}/estimate-plans", {
          params: { path: { slug }, query: { ...wish } },
          signal,
        }),
      ),
  });
}
