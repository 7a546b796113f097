import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import { Problem } from "@/api/problem";
import type {
  ComponentInfo,
  Element,
  HistoryEntry,
  NextQuery,
  NextTexts,
  SchemeInfo,
  Statistics,
  StoppingAdvice,
  TableQuery,
  TableView,
} from "@/api/schema";
import { inWords } from "@/shared/artefacts/inWords";
import { literally } from "@/shared/words/regex";
import { t } from "@/shared/words/translate";
import { askedBy, type Question } from "./question";

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
    inWords(
      body(api.GET("/api/v1/components", { params: { query: { kind: "strategy" } }, signal })),
    ),
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

/** How many of the texts that are to be coded the reader has not coded. */
export function notMineQuery(slug: string, scheme: string) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "not by me"],
    queryFn: async ({ signal }): Promise<number> => {
      const asked: TableQuery = { sample: { kind: "not_by_me" }, split: "train", limit: 1 };
      return (await table(slug, scheme, asked, signal)).total;
    },
  });
}

/** Whether more labels still help: asked again when the guide has learnt. */
export function stoppingQuery(slug: string, scheme: string) {
  return queryOptions({
    queryKey: ["project", slug, "stopping", scheme],
    queryFn: ({ signal }): Promise<StoppingAdvice> => {
      const path = { slug, scheme };
      return body(
        api.GET("/api/v1/projects/{slug}/schemes/{scheme}/stopping", { params: { path }, signal }),
      );
    },
  });
}

export function statisticsQuery(slug: string, scheme: string) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "statistics"],
    queryFn: ({ signal }): Promise<Statistics> => {
      const path = { slug, scheme };
      return body(
        api.GET("/api/v1/projects/{slug}/schemes/{scheme}/statistics", {
          params: { path },
          signal,
        }),
      );
    },
  });
}

/**
 * How many texts a question is about, whoever has them in hand.
 *
 * It is no part of what a project's events ask for again: each answer would count a large corpus
 * anew.
 */
export function matchingQuery(slug: string, scheme: string, question: Question, user: string) {
  const asked: TableQuery = {
    ...askedBy(question, user),
    split: question.split ?? "train",
    limit: 1,
  };
  return queryOptions({
    queryKey: ["matching", slug, scheme, asked],
    staleTime: 60_000,
    queryFn: async ({ signal }) => (await table(slug, scheme, asked, signal)).total,
  });
}

/** Some texts of the corpus, by which its context columns are known. */
export function someTextsQuery(slug: string, scheme: string) {
  return queryOptions({
    queryKey: ["some texts", slug, scheme],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await table(slug, scheme, { limit: 100 }, signal)).elements,
  });
}

function table(
  slug: string,
  scheme: string,
  query: TableQuery,
  signal: AbortSignal,
): Promise<TableView> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/table", {
      params: { path: { slug, scheme } },
      body: query,
      signal,
    }),
  );
}

/** How many of one's own answers are listed. */
const LAST = 20;

/** What one did last in a scheme, newest first. */
export function historyQuery(slug: string, scheme: string) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "history"],
    queryFn: async ({ signal }): Promise<readonly HistoryEntry[]> => {
      const asked = api.GET("/api/v1/projects/{slug}/schemes/{scheme}/history", {
        params: { path: { slug, scheme }, query: { limit: LAST } },
        signal,
      });
      return (await body(asked)).items;
    },
  });
}

/** Find a text of which the id and the beginning are known. */
export async function findText(
  slug: string,
  scheme: string,
  id: string,
  beginning: string,
): Promise<Element> {
  let cursor: string | null = null;
  do {
    const page: { items: Element[]; cursor?: string | null } = await body(
      api.GET("/api/v1/projects/{slug}/schemes/{scheme}/elements", {
        params: {
          path: { slug, scheme },
          query: { regex: `\\A${literally(beginning)}`, limit: 500, cursor },
        },
      }),
    );
    const found = page.items.find((each) => each.id === id);
    if (found !== undefined) return found;
    cursor = page.cursor ?? null;
  } while (cursor !== null);
  throw new Problem(404, t("The text {{id}} is not in the project any more.", { id }));
}
