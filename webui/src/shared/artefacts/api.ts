import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type {
  ComponentInfo,
  FeatureInfo,
  JobView,
  ModelInfo,
  NewFeature,
  NewModel,
  ProjectionInfo,
  TopicsInfo,
} from "@/api/schema";
import { shown } from "@/shared/jobs/api";
import { inWords } from "./inWords";

/** What is installed, of every kind. It changes only when the server starts anew. */
export const componentsQuery = queryOptions({
  queryKey: ["components"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }): Promise<readonly ComponentInfo[]> =>
    inWords(body(api.GET("/api/v1/components", { signal }))),
});

export function featuresQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "features"],
    queryFn: async ({ signal }): Promise<readonly FeatureInfo[]> => {
      const path = { slug };
      const asked = api.GET("/api/v1/projects/{slug}/features", { params: { path }, signal });
      return (await body(asked)).items;
    },
  });
}

export function modelsQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "models"],
    queryFn: async ({ signal }): Promise<readonly ModelInfo[]> => {
      const path = { slug };
      const asked = api.GET("/api/v1/projects/{slug}/models", { params: { path }, signal });
      return (await body(asked)).items;
    },
  });
}

export function projectionsQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "projections"],
    queryFn: async ({ signal }): Promise<readonly ProjectionInfo[]> => {
      const path = { slug };
      const asked = api.GET("/api/v1/projects/{slug}/projections", { params: { path }, signal });
      return (await body(asked)).items;
    },
  });
}

export function topicsQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "topics"],
    queryFn: async ({ signal }): Promise<readonly TopicsInfo[]> => {
      const path = { slug };
      const asked = api.GET("/api/v1/projects/{slug}/topics", { params: { path }, signal });
      return (await body(asked)).items;
    },
  });
}

export function computeFeature(slug: string, feature: NewFeature): Promise<JobView> {
  const path = { slug };
  return shown(() =>
    body(api.POST("/api/v1/projects/{slug}/features", { params: { path }, body: feature })),
  );
}

export function trainModel(slug: string, model: NewModel): Promise<JobView> {
  const path = { slug };
  return shown(() =>
    body(api.POST("/api/v1/projects/{slug}/models", { params: { path }, body: model })),
  );
}

/** Let a model predict the complete corpus. */
export function predictWith(slug: string, model: string): Promise<JobView> {
  const path = { slug, model };
  return shown(() =>
    body(
      api.POST("/api/v1/projects/{slug}/models/{model}/predictions", {
        params: { path },
        body: {},
      }),
    ),
  );
}
