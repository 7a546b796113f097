import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { JobView, ProjectConfig, ProjectInfo } from "@/api/schema";

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: async ({ signal }): Promise<readonly ProjectInfo[]> => {
    const all: ProjectInfo[] = [];
    let cursor: string | null | undefined;
    do {
      const query = cursor == null ? {} : { cursor };
      const page = await body(api.GET("/api/v1/projects", { params: { query }, signal }));
      all.push(...page.items);
      cursor = page.cursor;
    } while (cursor != null);
    return all;
  },
});

/** Send a file and what to make of it. Returns the project, or the job that makes it. */
export function createProject(file: File, config: ProjectConfig): Promise<ProjectInfo | JobView> {
  const form = new FormData();
  form.set("file", file);
  form.set("config", JSON.stringify(config));
  return body(
    api.POST("/api/v1/projects", {
      // The client's types know a file only as its text; what is sent is the form itself.
      body: { file: file.name, config: "" },
      bodySerializer: () => form,
    }),
  );
}
