import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { NewScheme, ProjectState, SchemeInfo } from "@/api/schema";

export function stateQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "state"],
    queryFn: ({ signal }): Promise<ProjectState> =>
      body(api.GET("/api/v1/projects/{slug}/state", { params: { path: { slug } }, signal })),
  });
}

export function createScheme(slug: string, scheme: NewScheme): Promise<SchemeInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes", { params: { path: { slug } }, body: scheme }),
  );
}
