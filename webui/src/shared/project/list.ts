import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { ProjectInfo } from "@/api/schema";

/** The projects that one may see. */
export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  // How far each has come changes with every annotation, of which no event tells lists.
  refetchOnMount: "always",
  queryFn: ({ signal }) => allProjects({}, signal),
});

/** Ask for all projects, page by page. */
export async function allProjects(
  wanted: { readonly deleted?: boolean },
  signal: AbortSignal,
): Promise<readonly ProjectInfo[]> {
  const all: ProjectInfo[] = [];
  let cursor: string | null | undefined;
  do {
    const query = cursor == null ? wanted : { ...wanted, cursor };
    const page = await body(api.GET("/api/v1/projects", { params: { query }, signal }));
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor != null);
  return all;
}
