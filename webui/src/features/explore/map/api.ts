import type { QueryClient } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type {
  JobView,
  NewProjection,
  NewTopics,
  TableQuery,
  TopicOperation,
  TopicsInfo,
} from "@/api/schema";
import { shown } from "@/shared/jobs/api";
import { mapKey, type Place } from "../api";
import { asSimilar, orderOnly, type Sought } from "../similar";
import { type ColourBy, columnOf } from "./colouring";

/** Ask again for what a map shows besides its places. */
export function askMapAgain(client: QueryClient, slug: string): Promise<void> {
  return client.invalidateQueries({ queryKey: mapKey(slug) });
}

/** Ask for the places of a map's points, as a file. */
export function placesFile(slug: string, projection: string, signal: AbortSignal) {
  return points(slug, projection, {}, signal);
}

export function coloursFile(
  { slug, scheme }: Place,
  projection: string,
  by: ColourBy,
  signal: AbortSignal,
) {
  return points(slug, projection, columnOf(by, scheme), signal);
}

async function points(
  slug: string,
  projection: string,
  query: Partial<ReturnType<typeof columnOf>>,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const found: unknown = await body(
    api.GET("/api/v1/projects/{slug}/projections/{projection}/points", {
      params: { path: { slug, projection }, query },
      parseAs: "arrayBuffer",
      signal,
    }),
  );
  return found as ArrayBuffer;
}

/** Ask how alike each text is to what is looked for, as a file. */
export function similarityFile(
  place: Place,
  similar: Sought,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  return rowsFile(place, { similar: asSimilar(orderOnly(similar)) }, signal);
}

/** Ask which rows pass a filter, as a file. */
export async function rowsFile(
  { slug, scheme }: Place,
  question: TableQuery,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const found: unknown = await body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/table/rows", {
      params: { path: { slug, scheme } },
      // The order of rows costs nothing.
      body: { ...question, sort: [{ by: "row", descending: false }] },
      parseAs: "arrayBuffer",
      signal,
    }),
  );
  return found as ArrayBuffer;
}

export function makeProjection(slug: string, projection: NewProjection): Promise<JobView> {
  const path = { slug };
  return shown(() =>
    body(api.POST("/api/v1/projects/{slug}/projections", { params: { path }, body: projection })),
  );
}

export async function deleteProjection(slug: string, projection: string): Promise<void> {
  const path = { slug, projection };
  await body(api.DELETE("/api/v1/projects/{slug}/projections/{projection}", { params: { path } }));
}

export function findTopics(slug: string, topics: NewTopics): Promise<JobView> {
  const path = { slug };
  return shown(() =>
    body(api.POST("/api/v1/projects/{slug}/topics", { params: { path }, body: topics })),
  );
}

export function changeTopics(
  slug: string,
  topics: string,
  operation: TopicOperation,
): Promise<JobView> {
  const path = { slug, topics };
  return shown(() =>
    body(
      api.POST("/api/v1/projects/{slug}/topics/{topics}/operations", {
        params: { path },
        body: operation,
      }),
    ),
  );
}

export function nameTopic(
  slug: string,
  topics: string,
  id: number,
  name: string,
): Promise<TopicsInfo> {
  return body(
    api.PATCH("/api/v1/projects/{slug}/topics/{topics}", {
      params: { path: { slug, topics } },
      body: { names: { [id]: name } },
    }),
  );
}

export function undoTopics(slug: string, topics: string): Promise<TopicsInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/topics/{topics}/undo", {
      params: { path: { slug, topics } },
    }),
  );
}
