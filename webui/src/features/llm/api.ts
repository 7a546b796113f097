import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type {
  JobView,
  LabellingInfo,
  LabelRows,
  NewComparison,
  NewLabelling,
  NewPrompt,
  NewPromptVersion,
  NewSecret,
  Promoted,
  PromptInfo,
  PromptTemplates,
  RenderedPrompt,
  ReplyState,
  ReplyView,
  SecretInfo,
  Undone,
  WrongPredictions,
} from "@/api/schema";
import { shown } from "@/shared/jobs/api";

const REPLIES = 25;
const DIFFERING = 10;

export function promptsQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "prompts"],
    queryFn: async ({ signal }): Promise<readonly PromptInfo[]> => {
      const path = { slug };
      const asked = api.GET("/api/v1/projects/{slug}/prompts", { params: { path }, signal });
      return (await body(asked)).items;
    },
  });
}

/** Templates to begin with, for a scheme of this type. */
export function defaultPromptQuery(slug: string, scheme: string) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "default-prompt"],
    enabled: scheme !== "",
    queryFn: ({ signal }): Promise<PromptTemplates> =>
      body(
        api.GET("/api/v1/projects/{slug}/schemes/{scheme}/default-prompt", {
          params: { path: { slug, scheme } },
          signal,
        }),
      ),
  });
}

export function createPrompt(slug: string, prompt: NewPrompt): Promise<PromptInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/prompts", { params: { path: { slug } }, body: prompt }),
  );
}

export function addVersion(
  slug: string,
  prompt: string,
  version: NewPromptVersion,
): Promise<PromptInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/prompts/{prompt}/versions", {
      params: { path: { slug, prompt } },
      body: version,
    }),
  );
}

/** What would be sent for some texts; nothing is sent. */
export async function renderPrompt(
  slug: string,
  scheme: string,
  templates: PromptTemplates,
): Promise<readonly RenderedPrompt[]> {
  const page = await body(
    api.POST("/api/v1/projects/{slug}/prompts/renderings", {
      params: { path: { slug } },
      body: { ...templates, scheme },
    }),
  );
  return page.items;
}

export function labellingsQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "labellings"],
    queryFn: async ({ signal }): Promise<readonly LabellingInfo[]> => {
      const path = { slug };
      const asked = api.GET("/api/v1/projects/{slug}/labellings", { params: { path }, signal });
      return (await body(asked)).items;
    },
  });
}

export function labellingQuery(slug: string, labelling: string) {
  return queryOptions({
    queryKey: ["project", slug, "labelling", labelling],
    queryFn: ({ signal }): Promise<LabellingInfo> =>
      body(
        api.GET("/api/v1/projects/{slug}/labellings/{labelling}", {
          params: { path: { slug, labelling } },
          signal,
        }),
      ),
  });
}

export function repliesQuery(slug: string, labelling: string, state: ReplyState | null) {
  return infiniteQueryOptions({
    queryKey: ["project", slug, "labelling", labelling, "replies", state],
    initialPageParam: null as string | null,
    getNextPageParam: (page: { cursor?: string | null }) => page.cursor ?? null,
    queryFn: ({ pageParam, signal }): Promise<{ items: ReplyView[]; cursor?: string | null }> =>
      body(
        api.GET("/api/v1/projects/{slug}/labellings/{labelling}/replies", {
          params: {
            path: { slug, labelling },
            query: {
              limit: REPLIES,
              ...(state === null ? {} : { state }),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
}

export function createLabelling(slug: string, labelling: NewLabelling): Promise<LabellingInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/labellings", { params: { path: { slug } }, body: labelling }),
  );
}

export function deleteLabelling(slug: string, labelling: string): Promise<unknown> {
  return body(
    api.DELETE("/api/v1/projects/{slug}/labellings/{labelling}", {
      params: { path: { slug, labelling } },
    }),
  );
}

/** Reckon what a run over texts would take; nothing is sent to the model. */
export function planRun(slug: string, labelling: string, rows: LabelRows): Promise<JobView> {
  return shown(() =>
    body(
      api.POST("/api/v1/projects/{slug}/labellings/{labelling}/plans", {
        params: { path: { slug, labelling } },
        body: { rows },
      }),
    ),
  );
}

export function startRun(
  slug: string,
  labelling: string,
  rows: LabelRows,
  cost: number | null,
): Promise<JobView> {
  return shown(() =>
    body(
      api.POST("/api/v1/projects/{slug}/labellings/{labelling}/runs", {
        params: { path: { slug, labelling } },
        body: { rows, ceiling: { cost } },
      }),
    ),
  );
}

/** Enter answers into the annotation log, as of an annotator of the labelling's own. */
export function promote(slug: string, labelling: string, confidence: number | null) {
  return body<Promoted>(
    api.POST("/api/v1/projects/{slug}/labellings/{labelling}/promotions", {
      params: { path: { slug, labelling } },
      body: { rows: {}, min_confidence: confidence },
    }),
  );
}

export function withdraw(slug: string, labelling: string) {
  return body<Promoted>(
    api.DELETE("/api/v1/projects/{slug}/labellings/{labelling}/promotions", {
      params: { path: { slug, labelling } },
    }),
  );
}

export function secretsQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "secrets"],
    queryFn: async ({ signal }): Promise<readonly SecretInfo[]> => {
      const path = { slug };
      const asked = api.GET("/api/v1/projects/{slug}/secrets", { params: { path }, signal });
      return (await body(asked)).items;
    },
  });
}

export function putSecret(slug: string, secret: NewSecret): Promise<SecretInfo> {
  return body(
    api.PUT("/api/v1/projects/{slug}/secrets", { params: { path: { slug } }, body: secret }),
  );
}

export function deleteSecret(slug: string, secret: string): Promise<unknown> {
  return body(
    api.DELETE("/api/v1/projects/{slug}/secrets/{secret}", { params: { path: { slug, secret } } }),
  );
}

/** A project's comparisons that have ended, newest first. */
export function comparisonsQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "comparisons"],
    queryFn: async ({ signal }): Promise<readonly JobView[]> => {
      const query = {
        project: slug,
        kind: ["compare"],
        state: ["done" as const, "failed" as const],
        limit: COMPARISONS,
      };
      return (await body(api.GET("/api/v1/jobs", { params: { query }, signal }))).items;
    },
  });
}

const COMPARISONS = 30;

/** Start comparing two labellings, or a labelling and a model. */
export function compareTwo(slug: string, two: NewComparison): Promise<JobView> {
  return shown(() =>
    body(
      api.POST("/api/v1/projects/{slug}/comparisons", { params: { path: { slug } }, body: two }),
    ),
  );
}

/** Texts of a split of which a labelling says something else than people; of a cell, if one is named. */
export function wrongQuery(
  slug: string,
  model: string,
  split: "train" | "valid" | "test",
  cell: { readonly truth: string; readonly said: string } | null,
) {
  return infiniteQueryOptions({
    queryKey: ["project", slug, "labelling", model, "wrong", split, cell],
    initialPageParam: null as string | null,
    getNextPageParam: (page: WrongPredictions) => page.cursor ?? null,
    queryFn: ({ pageParam, signal }): Promise<WrongPredictions> =>
      body(
        api.GET("/api/v1/projects/{slug}/models/{model}/errors", {
          params: {
            path: { slug, model },
            query: {
              split,
              limit: DIFFERING,
              ...(cell === null ? {} : { true: cell.truth, predicted: cell.said }),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
}

interface Place {
  readonly slug: string;
  readonly scheme: string;
}

/** Say what a text is. */
export async function sayOf({ slug, scheme }: Place, id: string, value: unknown): Promise<void> {
  await body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/annotations", {
      params: { path: { slug, scheme } },
      body: { annotations: [{ id, value }] },
    }),
  );
}

/** Take one's newest act in a scheme back. */
export function takeBack({ slug, scheme }: Place): Promise<Undone> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/undo", {
      params: { path: { slug, scheme } },
    }),
  );
}
