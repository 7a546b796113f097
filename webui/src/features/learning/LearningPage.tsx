import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ProjectState, SchemeInfo } from "@/api/schema";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { Notice } from "@/shared/ui/Notice";
import { phrase, t } from "@/shared/words/translate";
import classes from "./LearningPage.module.css";

interface Props {
  slug: string;
  scheme: string;
  children: (state: ProjectState, scheme: SchemeInfo) => ReactNode;
}

/** Active learning of a scheme: the frame around its guide, stopping advice and simulations. */
export function LearningPage({ slug, scheme, children }: Props) {
  const params = { slug, scheme };
  const navigate = useNavigate();
  useActionKeys(
    PLACES.map(({ to, title, key }) => ({
      id: `learning.${to}`,
      title,
      section: t("Active learning"),
      keys: [key],
      run: () => void navigate({ to, params }),
    })),
  );
  return (
    <ProjectFrame slug={slug} inside={<span dir="auto">{scheme}</span>}>
      {(state) => (
        <>
          <div className={classes.head}>
            <h1>{t("Active learning")}</h1>
            <Link
              to="/projects/$slug/annotate/$scheme"
              params={params}
              className={classes.annotate}
            >
              {t("Annotate")}
            </Link>
          </div>
          <p className={classes.about}>
            {phrase("Which text of {{scheme}} comes next, and whether more labels still help.", {
              scheme: <strong dir="auto">{scheme}</strong>,
            })}
          </p>
          <nav className={classes.places} aria-label={t("Active learning")}>
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
          <Found state={state} scheme={scheme}>
            {children}
          </Found>
        </>
      )}
    </ProjectFrame>
  );
}

/** What is of the scheme, if the project has such a one. */
function Found({ state, scheme, children }: Omit<Props, "slug"> & { state: ProjectState }) {
  const found = state.schemes.find(({ name }) => name === scheme);
  if (found !== undefined) return children(state, found);
  return (
    <Notice error={new Error(t("The project has no scheme {{scheme}}.", { scheme }))}>
      <Link to="/projects/$slug" params={{ slug: state.project.slug }}>
        {t("Its schemes")}
      </Link>
    </Notice>
  );
}

const PLACES = [
  { to: "/projects/$slug/learning/$scheme", title: t("Guide"), key: "1" },
  { to: "/projects/$slug/learning/$scheme/stopping", title: t("Stopping"), key: "2" },
  { to: "/projects/$slug/learning/$scheme/simulations", title: t("Simulations"), key: "3" },
  { to: "/projects/$slug/annotate/$scheme", title: t("Annotate"), key: "a" },
] as const;
