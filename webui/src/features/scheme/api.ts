import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import { Problem } from "@/api/problem";
import type {
  CodebookVersionPatch,
  CodebookVersionView,
  LabelOperation,
  SchemeInfo,
  SchemePatch,
  Statistics,
  Undone,
} from "@/api/schema";
import { stateQuery } from "@/shared/project/api";
import { t } from "@/shared/words/translate";

/** Where a scheme is asked for. */
export interface Place {
  readonly slug: string;
  readonly scheme: string;
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

/** A version whole, with what changed in it since `against`; null compares with nothing. */
export function versionQuery({ slug, scheme }: Place, number: number, against: number | null) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "codebook", number, against],
    queryFn: ({ signal }): Promise<CodebookVersionView> =>
      body(
        api.GET("/api/v1/projects/{slug}/schemes/{scheme}/codebook/{number}", {
          params: { path: { slug, scheme, number: String(number) }, query: { against } },
          signal,
        }),
      ),
  });
}

/** Say afterwards what a version changed. */
export function changeVersion(
  { slug, scheme }: Place,
  number: number,
  patch: CodebookVersionPatch,
): Promise<CodebookVersionView> {
  return body(
    api.PATCH("/api/v1/projects/{slug}/schemes/{scheme}/codebook/{number}", {
      params: { path: { slug, scheme, number: String(number) } },
      body: patch,
    }),
  );
}

export function getScheme({ slug, scheme }: Place): Promise<SchemeInfo> {
  return body(
    api.GET("/api/v1/projects/{slug}/schemes/{scheme}", { params: { path: { slug, scheme } } }),
  );
}

export function changeScheme({ slug, scheme }: Place, patch: SchemePatch): Promise<SchemeInfo> {
  return body(
    api.PATCH("/api/v1/projects/{slug}/schemes/{scheme}", {
      params: { path: { slug, scheme } },
      body: patch,
    }),
  );
}

export async function deleteScheme({ slug, scheme }: Place): Promise<void> {
  await body(
    api.DELETE("/api/v1/projects/{slug}/schemes/{scheme}", { params: { path: { slug, scheme } } }),
  );
}

export function changeLabels(
  { slug, scheme }: Place,
  operation: LabelOperation,
): Promise<SchemeInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/labels", {
      params: { path: { slug, scheme } },
      body: operation,
    }),
  );
}

/** Take back the merge or deletion of labels that was this user's last act in the scheme. */
export async function undoRetirement(place: Place): Promise<void> {
  const undone = await undo(place);
  if (undone.id === null) return;
  // An annotation came after it, on another page: that one stays, the server knows only the newest.
  await redo(place);
  throw new Problem(
    409,
    t("You have annotated since. Take those annotations back first, then this can be undone."),
  );
}

function undo({ slug, scheme }: Place): Promise<Undone> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/undo", {
      params: { path: { slug, scheme } },
    }),
  );
}

async function redo({ slug, scheme }: Place): Promise<void> {
  await body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/redo", {
      params: { path: { slug, scheme } },
    }),
  );
}

/** Show a scheme as the server has just told it, and ask again for what follows from it. */
export function showScheme(client: QueryClient, slug: string, changed: SchemeInfo): void {
  client.setQueryData(
    stateQuery(slug).queryKey,
    (state) =>
      state && {
        ...state,
        schemes: state.schemes.map((each) => (each.id === changed.id ? changed : each)),
      },
  );
  void client.invalidateQueries({ queryKey: ["project", slug, "scheme"] });
}
