import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type {
  ComponentInfo,
  Delivery,
  MadeWebhook,
  NewWebhook,
  Webhook,
  WebhookPatch,
} from "@/api/schema";
import { inWords } from "@/shared/artefacts/inWords";

const SHOWN = 10;
const LOOK_AGAIN_MS = 2_000;

export function webhooksQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "webhooks"],
    queryFn: async ({ signal }): Promise<readonly Webhook[]> => {
      const path = { slug };
      const asked = api.GET("/api/v1/projects/{slug}/webhooks", { params: { path }, signal });
      return (await body(asked)).items;
    },
  });
}

/** The formats that are installed. */
export function formatsQuery() {
  return queryOptions({
    queryKey: ["components", "notifier"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }): Promise<readonly ComponentInfo[]> =>
      inWords(
        body(api.GET("/api/v1/components", { params: { query: { kind: "notifier" } }, signal })),
      ),
  });
}

/** The newest deliveries; asked for again while one is on its way. */
export function deliveriesQuery(slug: string, webhook: number) {
  return queryOptions({
    queryKey: ["project", slug, "webhooks", webhook, "deliveries"],
    queryFn: async ({ signal }): Promise<readonly Delivery[]> => {
      const path = { slug, webhook: String(webhook) };
      const asked = api.GET("/api/v1/projects/{slug}/webhooks/{webhook}/deliveries", {
        params: { path, query: { limit: SHOWN } },
        signal,
      });
      return (await body(asked)).items;
    },
    refetchInterval: ({ state }) =>
      state.data?.some((each) => each.state === "waiting") ? LOOK_AGAIN_MS : false,
  });
}

export function createWebhook(slug: string, webhook: NewWebhook): Promise<MadeWebhook> {
  return body(
    api.POST("/api/v1/projects/{slug}/webhooks", { params: { path: { slug } }, body: webhook }),
  );
}

export function changeWebhook(
  slug: string,
  webhook: number,
  patch: WebhookPatch,
): Promise<Webhook> {
  const path = { slug, webhook: String(webhook) };
  return body(
    api.PATCH("/api/v1/projects/{slug}/webhooks/{webhook}", { params: { path }, body: patch }),
  );
}

export async function deleteWebhook(slug: string, webhook: number): Promise<void> {
  const path = { slug, webhook: String(webhook) };
  await body(api.DELETE("/api/v1/projects/{slug}/webhooks/{webhook}", { params: { path } }));
}

export function testWebhook(slug: string, webhook: number): Promise<Delivery> {
  const path = { slug, webhook: String(webhook) };
  return body(api.POST("/api/v1/projects/{slug}/webhooks/{webhook}/test", { params: { path } }));
}

export function sendAgain(slug: string, webhook: number, delivery: string): Promise<Delivery> {
  const path = { slug, webhook: String(webhook), delivery };
  return body(
    api.POST("/api/v1/projects/{slug}/webhooks/{webhook}/deliveries/{delivery}/again", {
      params: { path },
    }),
  );
}
