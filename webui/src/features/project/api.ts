import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { AgreementView, HistoryEntry, NewScheme, SchemeInfo } from "@/api/schema";

export function createScheme(slug: string, scheme: NewScheme): Promise<SchemeInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes", { params: { path: { slug } }, body: scheme }),
  );
}

/** How far people agree in a scheme, by the measures that it has. For managers. */
export function agreementQuery(slug: string, scheme: string) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "agreement", "overview"],
    queryFn: ({ signal }): Promise<AgreementView> =>
      body(
        api.GET("/api/v1/projects/{slug}/schemes/{scheme}/agreement", {
          params: { path: { slug, scheme } },
          signal,
        }),
      ),
  });
}

/** What was done last in a scheme: by everybody where one may know that, else by oneself. */
export function latestQuery(slug: string, scheme: string, everybody: boolean) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "latest", everybody],
    queryFn: async ({ signal }): Promise<readonly HistoryEntry[]> => {
      const asked = api.GET("/api/v1/projects/{slug}/schemes/{scheme}/history", {
        params: { path: { slug, scheme }, query: { everybody, limit: 5 } },
        signal,
      });
      return (await body(asked)).items;
    },
  });
}
