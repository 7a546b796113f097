import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ProjectState, SchemeInfo } from "@/api/schema";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { stateQuery } from "@/shared/project/api";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import classes from "./LearningPage.module.css";

interface Props {
  slug: string;
  scheme: string;
  children: (state: ProjectState, scheme: SchemeInfo) => ReactNode;
}

/** Active learning of a scheme: the frame around its guide, stopping advice and simulations. */
export function LearningPage({ slug, scheme, children }: Props) {
  const state = useQuery(stateQuery(slug));
  const found = state.data?.schemes.find(({ name }) => name === scheme);
  const params = { slug, scheme };
  const navigate = useNavigate();
  useActionKeys(
    PLACES.map(({ to, title, key }) => ({
      id: `learning.${title}`,
      title,
      section: "Active learning",
      keys: [key],
      run: () => void navigate({ to, params }),
    })),
  );
  const path = (
    <>
      <Link to="/projects/$slug" params={{ slug }} dir="auto">
        {state.data?.project.name ?? slug}
      </Link>
      <span aria-hidden="true">›</span>
      <span dir="auto">{scheme}</span>
    </>
  );
  return (
    <>
      <TopBar path={path} />
      <Page>
        <div className={classes.head}>
          <h1>Active learning</h1>
          <Link to="/projects/$slug/annotate/$scheme" params={params} className={classes.annotate}>
            Annotate
          </Link>
        </div>
        <p className={classes.about}>
          Which text of <strong dir="auto">{scheme}</strong> comes next, and whether more labels
          still help.
        </p>
        <nav className={classes.places} aria-label="Active learning">
          {PLACES.slice(0, -1).map(({ to, title, key }, at) => (
            <Link
              key={to}
              to={to}
              params={params}
              aria-keyshortcuts={key}
              // The first one's address is the beginning of all others'.
              activeOptions={{ exact: at === 0 }}
            >
              {title}
            </Link>
          ))}
        </nav>
        {state.error && (
          <Notice error={state.error}>
            <Link to="/">All projects</Link>
          </Notice>
        )}
        {state.isPending && <Skeleton />}
        {state.data && found === undefined && (
          <Notice error={new Error(`The project has no scheme ${scheme}.`)}>
            <Link to="/projects/$slug" params={{ slug }}>
              Its schemes
            </Link>
          </Notice>
        )}
        {state.data && found !== undefined && children(state.data, found)}
      </Page>
    </>
  );
}

const PLACES = [
  { to: "/projects/$slug/learning/$scheme", title: "Guide", key: "1" },
  { to: "/projects/$slug/learning/$scheme/stopping", title: "Stopping", key: "2" },
  { to: "/projects/$slug/learning/$scheme/simulations", title: "Simulations", key: "3" },
  { to: "/projects/$slug/annotate/$scheme", title: "Annotate", key: "a" },
] as const;
