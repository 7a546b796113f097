import { api, body } from "@/api/client";
import type { NewScheme, SchemeInfo } from "@/api/schema";

export function createScheme(slug: string, scheme: NewScheme): Promise<SchemeInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes", { params: { path: { slug } }, body: scheme }),
  );
}
