import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { ComponentInfo, NextQuery, NextTexts, SchemeInfo } from "@/api/schema";

export function schemeQuery(slug: string, scheme: string) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme],
    queryFn: ({ signal }): Promise<SchemeInfo> =>
      body(
        api.GET("/api/v1/projects/{slug}/schemes/{scheme}", {
          params: { path: { slug, scheme } },
          signal,
        }),
      ),
  });
}

export const strategiesQuery = queryOptions({
  queryKey: ["components", "strategy"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }): Promise<ComponentInfo[]> =>
    body(api.GET("/api/v1/components", { params: { query: { kind: "strategy" } }, signal })),
});

export function nextTexts(
  slug: string,
  scheme: string,
  query: NextQuery,
  signal: AbortSignal,
): Promise<NextTexts> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/next", {
      params: { path: { slug, scheme } },
      body: query,
      signal,
    }),
  );
}
