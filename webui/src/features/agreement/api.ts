import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type {
  Accepted,
  AgreementView,
  ComponentInfo,
  Decision,
  DisagreementPage,
  Member,
  NewThread,
  Statistics,
  ThreadView,
  Withdrawn,
} from "@/api/schema";
import { inWords } from "@/shared/artefacts/inWords";
import type { AgreementSearch, Split } from "./search";

/** Where a scheme is asked for. */
export interface Place {
  readonly slug: string;
  readonly scheme: string;
}

/** The way to a suggestion where nobody chooses another. */
export const FIRST_CONSENSUS = "majority";

/** So often, in milliseconds, it is asked whether people have voted anew. */
const VOTES_PAUSE = 20_000;

export function disagreementsQuery({ slug, scheme }: Place, search: AgreementSearch) {
  const { first, second, label, split, decided = "no", by = FIRST_CONSENSUS } = search;
  const between = first !== undefined && second !== undefined ? [first, second] : null;
  return infiniteQueryOptions({
    queryKey: [
      ...["project", slug, "scheme", scheme, "disagreements"],
      { between, label, split, decided, by },
    ],
    // No event tells of votes.
    refetchInterval: VOTES_PAUSE,
    initialPageParam: null as string | null,
    getNextPageParam: (page: DisagreementPage) => page.cursor ?? null,
    queryFn: ({ pageParam, signal }): Promise<DisagreementPage> =>
      body(
        api.GET("/api/v1/projects/{slug}/schemes/{scheme}/disagreements", {
          params: {
            path: { slug, scheme },
            query: {
              decided,
              consensus: by,
              ...(between === null ? {} : { between }),
              ...(label === undefined ? {} : { label }),
              ...(split === undefined ? {} : { split }),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
}

/** Decide one text. */
export function decide({ slug, scheme }: Place, decision: Decision): Promise<unknown> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/adjudications", {
      params: { path: { slug, scheme } },
      body: { decisions: [decision] },
    }),
  );
}

/** Take back the decision on a text, or all of an act. */
export function takeBack(
  { slug, scheme }: Place,
  what: { readonly id: string } | { readonly act: string },
): Promise<Withdrawn> {
  return body(
    api.DELETE("/api/v1/projects/{slug}/schemes/{scheme}/adjudications", {
      params: { path: { slug, scheme }, query: what },
    }),
  );
}

/** Count the suggestions that are certain enough; with `expected`, that count, let them decide. */
export function acceptSuggestions(
  { slug, scheme }: Place,
  consensus: string,
  confidence: number,
  expected: number | null,
): Promise<Accepted> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/adjudications/accept", {
      params: { path: { slug, scheme } },
      body: { consensus, min_confidence: confidence, params: {}, expected },
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

/** Components of a kind, which do not change while the server runs. */
export function componentsQuery(kind: "consensus" | "agreement") {
  return queryOptions({
    queryKey: ["components", kind],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }): Promise<ComponentInfo[]> =>
      inWords(body(api.GET("/api/v1/components", { params: { query: { kind } }, signal }))),
  });
}

export function membersQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "members"],
    queryFn: async ({ signal }): Promise<readonly Member[]> => {
      const path = { slug };
      const asked = api.GET("/api/v1/projects/{slug}/members", { params: { path }, signal });
      return (await body(asked)).items;
    },
  });
}

/** Threads on one text, or on all, that are of a scheme. */
export function threadsQuery({ slug, scheme }: Place, id: string | null) {
  return queryOptions({
    queryKey: ["project", slug, "threads", scheme, id],
    queryFn: async ({ signal }): Promise<readonly ThreadView[]> => {
      const page = await body(
        api.GET("/api/v1/projects/{slug}/threads", {
          params: {
            path: { slug },
            query: { limit: 1000, ...(id === null ? { scheme } : { id }) },
          },
          signal,
        }),
      );
      return page.items.filter((thread) => thread.scheme === null || thread.scheme === scheme);
    },
  });
}

export function startThread(slug: string, thread: NewThread): Promise<ThreadView> {
  return body(
    api.POST("/api/v1/projects/{slug}/threads", { params: { path: { slug } }, body: thread }),
  );
}

export function reply(slug: string, thread: number, text: string): Promise<ThreadView> {
  return body(
    api.POST("/api/v1/projects/{slug}/threads/{thread}/posts", {
      params: { path: { slug, thread: String(thread) } },
      body: { text },
    }),
  );
}

export function resolveThread(slug: string, thread: number, resolved: boolean) {
  return body<ThreadView>(
    api.PATCH("/api/v1/projects/{slug}/threads/{thread}", {
      params: { path: { slug, thread: String(thread) } },
      body: { resolved },
    }),
  );
}

export function readThread(slug: string, thread: number): Promise<unknown> {
  return body(
    api.POST("/api/v1/projects/{slug}/threads/{thread}/read", {
      params: { path: { slug, thread: String(thread) } },
    }),
  );
}

export function editPost(slug: string, thread: number, post: number, text: string) {
  return body<ThreadView>(
    api.PATCH("/api/v1/projects/{slug}/threads/{thread}/posts/{number}", {
      params: { path: { slug, thread: String(thread), number: String(post) } },
      body: { text },
    }),
  );
}

export function deletePost(slug: string, thread: number, post: number): Promise<unknown> {
  return body(
    api.DELETE("/api/v1/projects/{slug}/threads/{thread}/posts/{number}", {
      params: { path: { slug, thread: String(thread), number: String(post) } },
    }),
  );
}

/** What is asked of agreement. */
export interface AgreementQuestion {
  readonly measures: readonly string[];
  readonly split: Split | "all";
  readonly over: "day" | "week" | null;
  readonly machine: string | null;
}

export function agreementQuery({ slug, scheme }: Place, question: AgreementQuestion) {
  const { measures, split, over, machine } = question;
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "agreement", question],
    queryFn: ({ signal }): Promise<AgreementView> =>
      body(
        api.GET("/api/v1/projects/{slug}/schemes/{scheme}/agreement", {
          params: {
            path: { slug, scheme },
            query: {
              split,
              ...(measures.length === 0 ? {} : { measures: [...measures] }),
              ...(over === null ? {} : { over }),
              ...(machine === null ? {} : { machine }),
            },
          },
          signal,
        }),
      ),
  });
}
