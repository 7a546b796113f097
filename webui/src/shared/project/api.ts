import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { EnergyBudget, EnergyBy, EnergyReport, ProjectInfo, ProjectState } from "@/api/schema";

export function projectQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug],
    queryFn: ({ signal }): Promise<ProjectInfo> =>
      body(api.GET("/api/v1/projects/{slug}", { params: { path: { slug } }, signal })),
  });
}

/** What exists in a project and what is computing. */
export function stateQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "state"],
    queryFn: ({ signal }): Promise<ProjectState> =>
      body(api.GET("/api/v1/projects/{slug}/state", { params: { path: { slug } }, signal })),
  });
}

/** What a project's jobs have taken, added up; of the last `days`, or of all (null). */
export function energyQuery(slug: string, by: EnergyBy, days: number | null) {
  return queryOptions({
    queryKey: ["project", slug, "energy", by, days],
    queryFn: ({ signal }): Promise<EnergyReport> =>
      body(
        api.GET("/api/v1/projects/{slug}/energy", {
          params: { path: { slug }, query: { by, days } },
          signal,
        }),
      ),
  });
}

/** Set what a project may use; null takes the budget away. */
export function setBudget(slug: string, budget: EnergyBudget | null): Promise<ProjectInfo> {
  return body(
    api.PATCH("/api/v1/projects/{slug}", { params: { path: { slug } }, body: { budget } }),
  );
}
