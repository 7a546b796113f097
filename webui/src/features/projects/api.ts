import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { FilePreview, JobView, ProjectConfig, ProjectInfo } from "@/api/schema";
import { allProjects } from "@/shared/project/list";

/** Those that one may restore. */
export const deletedQuery = queryOptions({
  queryKey: ["projects", "deleted"],
  queryFn: ({ signal }) => allProjects({ deleted: true }, signal),
});

export function restoreProject(slug: string): Promise<ProjectInfo> {
  return body(api.POST("/api/v1/projects/{slug}/restore", { params: { path: { slug } } }));
}

/** Let the server tell what a file holds; nothing of it is kept. */
export function previewFile(file: File): Promise<FilePreview> {
  const form = new FormData();
  form.set("file", file);
  return body(
    api.POST("/api/v1/imports/preview", {
      // As below.
      body: { file: file.name },
      bodySerializer: () => form,
    }),
  );
}

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
