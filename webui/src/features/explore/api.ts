import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { Element, NewAnnotation, Statistics, TableQuery, TableView } from "@/api/schema";

/** What a map shows of a project, apart from the rest: a million points are not asked for at each event. */
export function mapKey(slug: string) {
  return ["map", slug] as const;
}

/** Where a table is asked for. */
export interface Place {
  readonly slug: string;
  readonly scheme: string;
}

/** How many rows are asked for at once while the table is scrolled. */
export const PART = 100;

/** The most that the server gives at once. */
const LARGEST = 500;

function tableKey({ slug, scheme }: Place) {
  return ["project", slug, "scheme", scheme, "table"] as const;
}

function ask(
  { slug, scheme }: Place,
  query: TableQuery,
  signal: AbortSignal | null,
): Promise<TableView> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/table", {
      params: { path: { slug, scheme } },
      body: query,
      signal,
    }),
  );
}

/** The part of a table that begins at row `part * PART` of its order. */
export function partQuery(place: Place, question: TableQuery, part: number) {
  return queryOptions({
    queryKey: [...tableKey(place), question, part],
    queryFn: ({ signal }) => ask(place, { ...question, offset: part * PART, limit: PART }, signal),
  });
}

/** A text by its place in the corpus, as a table of one. */
export function rowQuery(place: Place, row: number | null) {
  const all: TableQuery = { sample: { kind: "all" }, filter: {}, split: "all", sort: [] };
  return queryOptions({
    queryKey: [...tableKey(place), "row", row],
    enabled: row !== null,
    queryFn: ({ signal }) => ask(place, { ...all, offset: row ?? 0, limit: 1 }, signal),
  });
}

/** Go through some rows of a table, in as few requests as can be; `tell` hears how many are there. */
export async function rowsBetween(
  place: Place,
  question: TableQuery,
  { from, to }: { from: number; to: number },
  tell: (n: number) => void,
): Promise<Element[]> {
  const found: Element[] = [];
  while (from + found.length < to) {
    const offset = from + found.length;
    const limit = Math.min(LARGEST, to - offset);
    const { elements } = await ask(place, { ...question, offset, limit }, null);
    if (elements.length === 0) break;
    found.push(...elements);
    tell(found.length);
  }
  return found;
}

/** Say something of many texts, all or none. */
export async function annotate(
  { slug, scheme }: Place,
  annotations: NewAnnotation[],
): Promise<void> {
  await body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/annotations", {
      params: { path: { slug, scheme } },
      body: { annotations },
    }),
  );
}

export function statisticsQuery({ slug, scheme }: Place) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "statistics"],
    queryFn: ({ signal }): Promise<Statistics> =>
      body(
        api.GET("/api/v1/projects/{slug}/schemes/{scheme}/statistics", {
          params: { path: { slug, scheme } },
          signal,
        }),
      ),
  });
}

/** Change a text wherever the table shows it, before the server has told. */
export function showChanged(
  client: QueryClient,
  place: Place,
  id: string,
  change: (element: Element) => Element,
): void {
  client.setQueriesData<TableView>({ queryKey: tableKey(place) }, (view) =>
    view === undefined
      ? view
      : {
          ...view,
          elements: view.elements.map((each) => (each.id === id ? change(each) : each)),
        },
  );
}

/** Ask again for what the table shows, and for what is counted from it. */
export async function askAgain(client: QueryClient, { slug }: Place): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ["project", slug] }),
    client.invalidateQueries({ queryKey: mapKey(slug) }),
  ]);
}
