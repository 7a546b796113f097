import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type {
  AnnotatorQuality,
  Checks,
  Element,
  GoldText,
  NewGold,
  SchemeInfo,
} from "@/api/schema";
import { literally } from "@/shared/words/regex";

/** Where a scheme is asked for. */
export interface Place {
  readonly slug: string;
  readonly scheme: string;
}

export function goldQuery({ slug, scheme }: Place) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "gold"],
    queryFn: async ({ signal }): Promise<readonly GoldText[]> => {
      const path = { slug, scheme };
      const asked = api.GET("/api/v1/projects/{slug}/schemes/{scheme}/gold", {
        params: { path },
        signal,
      });
      return (await body(asked)).items;
    },
  });
}

export async function putGold({ slug, scheme }: Place, text: NewGold): Promise<void> {
  await body(
    api.PUT("/api/v1/projects/{slug}/schemes/{scheme}/gold", {
      params: { path: { slug, scheme } },
      body: { texts: [text] },
    }),
  );
}

export async function removeGold({ slug, scheme }: Place, id: string): Promise<void> {
  await body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/gold/remove", {
      params: { path: { slug, scheme } },
      body: { ids: [id] },
    }),
  );
}

/** How many texts a search shows. */
const FOUND = 8;

/** Texts that have these words in them. */
export function textsQuery({ slug, scheme }: Place, words: string) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "texts", words],
    enabled: words !== "",
    queryFn: async ({ signal }): Promise<readonly Element[]> => {
      const asked = api.GET("/api/v1/projects/{slug}/schemes/{scheme}/elements", {
        params: {
          path: { slug, scheme },
          query: { regex: `(?i)${literally(words)}`, limit: FOUND },
        },
        signal,
      });
      return (await body(asked)).items;
    },
  });
}

/** Say how gold texts are slipped in; null lets nobody be checked. */
export function setChecks({ slug, scheme }: Place, checks: Checks | null): Promise<SchemeInfo> {
  return body(
    api.PATCH("/api/v1/projects/{slug}/schemes/{scheme}", {
      params: { path: { slug, scheme } },
      body: { checks },
    }),
  );
}

export function annotatorsQuery({ slug, scheme }: Place) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "annotators"],
    queryFn: async ({ signal }): Promise<readonly AnnotatorQuality[]> => {
      const path = { slug, scheme };
      const asked = api.GET("/api/v1/projects/{slug}/schemes/{scheme}/annotators", {
        params: { path },
        signal,
      });
      return (await body(asked)).items;
    },
  });
}
