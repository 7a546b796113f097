import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ProjectState } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import { t } from "@/shared/words/translate";
import { stateQuery } from "./api";
import classes from "./ProjectFrame.module.css";
import { places } from "./places";

interface Props {
  slug: string;
  /** Whether the page is worked in across the whole window, as tables and maps are. */
  wide?: boolean;
  /** Where in the project one is, beside its name. */
  inside?: ReactNode;
  children: (state: ProjectState) => ReactNode;
}

/** What every page of a project has around it: where one is, the other places, and its state. */
export function ProjectFrame({ slug, wide = false, inside, children }: Props) {
  const state = useQuery(stateQuery(slug));
  const path = (
    <>
      <Link to="/projects/$slug" params={{ slug }} dir="auto">
        {state.data?.project.name ?? slug}
      </Link>
      {inside !== undefined && <span aria-hidden="true">›</span>}
      {inside}
    </>
  );
  return (
    <>
      <TopBar path={path} />
      <nav className={classes.places} aria-label={t("Project")}>
        {places.map(({ to, title }) => (
          <Link
            key={to}
            to={to}
            data-tour={to}
            params={{ slug }}
            activeOptions={{ exact: to === "/projects/$slug" }}
          >
            {title}
          </Link>
        ))}
      </nav>
      <Page wide={wide}>
        {state.error && (
          <Notice error={state.error}>
            <Link to="/">{t("All projects")}</Link>
          </Notice>
        )}
        {state.isPending && <Skeleton />}
        {state.data?.project.archived_at != null && (
          <p className={classes.archived}>
            {t("This project is archived: it can be read and exported, and nothing in it changes.")}
            {state.data.project.role === "manager" && (
              <Link to="/projects/$slug/settings" params={{ slug }}>
                {t("Take it out of the archive")}
              </Link>
            )}
          </p>
        )}
        {state.data && children(state.data)}
      </Page>
    </>
  );
}
