import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type {
  JobView,
  NewGuide,
  NewSimulation,
  SimulationInfo,
  SimulationReport,
  StoppingAdvice,
} from "@/api/schema";
import { shown } from "@/shared/jobs/api";

/** Give a scheme a guide, or another one; it learns at once. */
export async function putGuide(slug: string, scheme: string, guide: NewGuide): Promise<void> {
  await body(
    api.PUT("/api/v1/projects/{slug}/schemes/{scheme}/guide", {
      params: { path: { slug, scheme } },
      body: guide,
    }),
  );
}

export async function removeGuide(slug: string, scheme: string): Promise<void> {
  const path = { slug, scheme };
  await body(api.DELETE("/api/v1/projects/{slug}/schemes/{scheme}/guide", { params: { path } }));
}

/** Let the guide learn now. */
export async function refreshGuide(slug: string, scheme: string): Promise<void> {
  const path = { slug, scheme };
  await body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/guide/refresh", { params: { path } }),
  );
}

/** Whether more labels still help: asked again when the guide has learnt. */
export function stoppingQuery(slug: string, scheme: string) {
  return queryOptions({
    queryKey: ["project", slug, "stopping", scheme],
    queryFn: ({ signal }): Promise<StoppingAdvice> => {
      const path = { slug, scheme };
      return body(
        api.GET("/api/v1/projects/{slug}/schemes/{scheme}/stopping", {
          params: { path },
          signal,
        }),
      );
    },
  });
}

export function simulationsQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "simulations"],
    queryFn: async ({ signal }): Promise<readonly SimulationInfo[]> => {
      const path = { slug };
      const asked = api.GET("/api/v1/projects/{slug}/simulations", {
        params: { path },
        signal,
      });
      return (await body(asked)).items;
    },
  });
}

export function simulationQuery(slug: string, id: string) {
  return queryOptions({
    queryKey: ["project", slug, "simulations", id],
    // What was simulated stays as it is.
    staleTime: 5 * 60_000,
    queryFn: ({ signal }): Promise<SimulationReport> => {
      const path = { slug, simulation: id };
      return body(
        api.GET("/api/v1/projects/{slug}/simulations/{simulation}", {
          params: { path },
          signal,
        }),
      );
    },
  });
}

/** Start a simulation: a job, whose id is the simulation's. */
export function simulate(slug: string, simulation: NewSimulation): Promise<JobView> {
  return shown(() =>
    body(
      api.POST("/api/v1/projects/{slug}/simulations", {
        params: { path: { slug } },
        body: simulation,
      }),
    ),
  );
}

export async function deleteSimulation(slug: string, id: string): Promise<void> {
  await body(
    api.DELETE("/api/v1/projects/{slug}/simulations/{simulation}", {
      params: { path: { slug, simulation: id } },
    }),
  );
}

/** Fetch a simulation's curves as a picture. */
export function plotOf(slug: string, id: string, format: "svg" | "png"): Promise<Blob> {
  return body<Blob>(
    api.GET("/api/v1/projects/{slug}/simulations/{simulation}/plot", {
      params: { path: { slug, simulation: id }, query: { format } },
      parseAs: "blob",
    }),
  );
}
