import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { CodebookVersion } from "@/api/schema";

/** The versions of a scheme's codebook and labels, newest first. */
export function versionsQuery({
  slug,
  scheme,
}: {
  readonly slug: string;
  readonly scheme: string;
}) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "codebook"],
    queryFn: async ({ signal }): Promise<readonly CodebookVersion[]> => {
      const path = { slug, scheme };
      const asked = api.GET("/api/v1/projects/{slug}/schemes/{scheme}/codebook", {
        params: { path },
        signal,
      });
      return (await body(asked)).items;
    },
  });
}
