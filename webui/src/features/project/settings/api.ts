import { api, body } from "@/api/client";
import type { ProjectCopy, ProjectInfo, ProjectPatch, RowsAdded } from "@/api/schema";
import { fileName } from "./fileName";

export function changeProject(slug: string, patch: ProjectPatch): Promise<ProjectInfo> {
  return body(api.PATCH("/api/v1/projects/{slug}", { params: { path: { slug } }, body: patch }));
}

export async function deleteProject(slug: string, atOnce: boolean): Promise<void> {
  const params = { path: { slug }, query: { at_once: atOnce } };
  await body(api.DELETE("/api/v1/projects/{slug}", { params }));
}

export function copyProject(slug: string, copy: ProjectCopy): Promise<ProjectInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/copies", { params: { path: { slug } }, body: copy }),
  );
}

/** Add the rows of a file to a split. */
export function addRows(slug: string, file: File, split: string): Promise<RowsAdded> {
  const form = new FormData();
  form.set("file", file);
  form.set("split", split);
  return body(
    api.POST("/api/v1/projects/{slug}/rows", {
      params: { path: { slug } },
      // The client's types know a file only as its text; what is sent is the form itself.
      body: { file: file.name },
      bodySerializer: () => form,
    }),
  );
}

export type Exported = "annotations" | "log" | "codebook" | "predictions" | "features";

/** What to export: of a scheme, a model or a feature, whichever `what` asks for. */
export interface Wish {
  readonly what: Exported;
  readonly format: string;
  readonly scheme?: string;
  readonly model?: string;
  readonly feature?: string;
}

/** Fetch an export, with the name that the server gives it. */
export async function exportFile(
  slug: string,
  { what, ...query }: Wish,
): Promise<{ content: Blob; name: string }> {
  const asked = api.GET("/api/v1/projects/{slug}/export/{what}", {
    params: { path: { slug, what }, query },
    parseAs: "blob",
  });
  const content = await body<Blob>(asked);
  const named = fileName((await asked).response.headers.get("Content-Disposition"));
  return { content, name: named ?? `${slug}-${what}` };
}
