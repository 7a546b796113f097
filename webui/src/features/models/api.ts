import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type {
  JobPoint,
  JobView,
  NewComparison,
  NewLearningCurve,
  WrongPredictions,
} from "@/api/schema";
import { shown } from "@/shared/jobs/api";
import type { ModelSearch, Split } from "./search";

const MOST_JOBS = 300;

/**
 * The newest jobs that are done, from which it is known who made something, when and for what.
 *
 * The key is that of models: each end of a job lets them be asked for again.
 */
export function doneJobsQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "models", "jobs"],
    queryFn: async ({ signal }): Promise<readonly JobView[]> => {
      const query = { project: slug, state: ["done" as const], limit: MOST_JOBS };
      return (await body(api.GET("/api/v1/jobs", { params: { query }, signal }))).items;
    },
  });
}

/** A job that was started from here, until its result is there. */
export function jobQuery(slug: string, id: string) {
  return queryOptions({
    queryKey: ["project", slug, "models", "job", id],
    queryFn: ({ signal }): Promise<JobView> =>
      body(api.GET("/api/v1/jobs/{job}", { params: { path: { job: id } }, signal })),
  });
}

/** The numbers that a job has reported over time. */
export function seriesQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id, "series"],
    queryFn: async ({ signal }): Promise<readonly JobPoint[]> => {
      const path = { job: id };
      return (await body(api.GET("/api/v1/jobs/{job}/metrics", { params: { path }, signal })))
        .points;
    },
  });
}

const PAGE = 20;

/** The texts that a model has wrong, or those of a cell of the confusion matrix. */
export function errorsQuery(slug: string, model: string, split: Split, cell: ModelSearch) {
  const { true: said, predicted } = cell;
  return infiniteQueryOptions({
    queryKey: ["project", slug, "models", "errors", model, split, said, predicted],
    initialPageParam: null as string | null,
    getNextPageParam: (page: WrongPredictions) => page.cursor ?? null,
    queryFn: ({ pageParam, signal }): Promise<WrongPredictions> =>
      body(
        api.GET("/api/v1/projects/{slug}/models/{model}/errors", {
          params: {
            path: { slug, model },
            query: {
              split,
              limit: PAGE,
              ...(said === undefined ? {} : { true: said }),
              ...(predicted === undefined ? {} : { predicted }),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
}

export function drawCurve(slug: string, curve: NewLearningCurve): Promise<JobView> {
  const path = { slug };
  return shown(() =>
    body(api.POST("/api/v1/projects/{slug}/learning-curves", { params: { path }, body: curve })),
  );
}

export function compareTwo(slug: string, comparison: NewComparison): Promise<JobView> {
  const path = { slug };
  return shown(() =>
    body(api.POST("/api/v1/projects/{slug}/comparisons", { params: { path }, body: comparison })),
  );
}

/** Let a model be written in a form that other software loads. */
export function writeModel(slug: string, model: string, format: string): Promise<JobView> {
  const path = { slug, model };
  return shown(() =>
    body(
      api.POST("/api/v1/projects/{slug}/models/{model}/exports", {
        params: { path },
        body: { format },
      }),
    ),
  );
}

export function downloadModel(slug: string, model: string, format: string): Promise<Blob> {
  return body<Blob>(
    api.GET("/api/v1/projects/{slug}/export/model", {
      params: { path: { slug }, query: { model, format } },
      parseAs: "blob",
    }),
  );
}

/** What can be deleted from the list. */
export type Deletable = "feature" | "model" | "map" | "topics";

export async function deleteArtefact(slug: string, kind: Deletable, name: string): Promise<void> {
  switch (kind) {
    case "feature": {
      const path = { slug, feature: name };
      await body(api.DELETE("/api/v1/projects/{slug}/features/{feature}", { params: { path } }));
      return;
    }
    case "model": {
      const path = { slug, model: name };
      await body(api.DELETE("/api/v1/projects/{slug}/models/{model}", { params: { path } }));
      return;
    }
    case "map": {
      const path = { slug, projection: name };
      await body(
        api.DELETE("/api/v1/projects/{slug}/projections/{projection}", { params: { path } }),
      );
      return;
    }
    case "topics": {
      const path = { slug, topics: name };
      await body(api.DELETE("/api/v1/projects/{slug}/topics/{topics}", { params: { path } }));
    }
  }
}
