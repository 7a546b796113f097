import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { stateQuery } from "@/shared/project/api";
import { projectsQuery } from "@/shared/project/list";
import { places } from "@/shared/project/places";
import { meQuery } from "@/shared/session/me";
import { t } from "@/shared/words/translate";
import { type Action, shownKey } from "../action";
import type { Entry } from "./entries";
import { paletteAction } from "./opened";

/** All that can be done on this page and gone to from it: actions, places, schemes, projects. */
export function useEntries(actions: readonly Action[]): readonly Entry[] {
  const slug = useLocation({ select: ({ pathname }) => slugIn(pathname) });
  const navigate = useNavigate();
  const state = useQuery({ ...stateQuery(slug ?? ""), enabled: slug !== null }).data;
  const projects = useQuery(projectsQuery).data ?? [];
  const root = useQuery(meQuery).data?.role === "root";
  const entry = (id: string, title: string, section: string, run: () => unknown): Entry => ({
    id,
    title,
    section,
    key: null,
    run: () => void run(),
  });
  const inProject =
    slug === null
      ? []
      : [
          ...places.map(({ to, title }) =>
            entry(`${to} ${slug}`, title, state?.project.name ?? slug, () =>
              navigate({ to, params: { slug } }),
            ),
          ),
          ...(state?.schemes ?? []).flatMap(({ name }) => {
            const params = { slug, scheme: name };
            const id = `scheme ${slug} ${name}`;
            return [
              entry(`${id} annotate`, t("Annotate"), name, () =>
                navigate({ to: "/projects/$slug/annotate/$scheme", params }),
              ),
              entry(`${id} labels`, t("Labels and codebook"), name, () =>
                navigate({ to: "/projects/$slug/schemes/$scheme", params }),
              ),
              entry(`${id} learning`, t("Active learning"), name, () =>
                navigate({ to: "/projects/$slug/learning/$scheme", params }),
              ),
            ];
          }),
        ];
  return [
    ...actions
      .filter(({ id, disabled }) => id !== paletteAction.id && disabled !== true)
      .map(({ id, title, section, keys: [key], run }) => ({
        id: `action ${id}`,
        title,
        section,
        key: key === undefined ? null : shownKey(key),
        run,
      })),
    ...inProject,
    ...projects.map(({ slug: other, name }) =>
      entry(`project ${other}`, name, t("Projects"), () =>
        navigate({ to: "/projects/$slug", params: { slug: other } }),
      ),
    ),
    entry("site projects", t("All projects"), "Kodkod", () => navigate({ to: "/" })),
    entry("site import", t("New project"), "Kodkod", () => navigate({ to: "/import" })),
    entry("site account", t("Account"), "Kodkod", () => navigate({ to: "/account" })),
    ...(root
      ? [entry("site monitor", t("Monitor"), "Kodkod", () => navigate({ to: "/monitor" }))]
      : []),
  ];
}

function slugIn(pathname: string): string | null {
  const found = /^\/projects\/([^/]+)/.exec(pathname)?.[1];
  return found === undefined ? null : decodeURIComponent(found);
}
