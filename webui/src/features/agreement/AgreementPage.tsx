import { Link } from "@tanstack/react-router";
import { Problem } from "@/api/problem";
import type { ProjectState } from "@/api/schema";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import classes from "./Agreement.module.css";
import { Adjudication } from "./decide/Adjudication";
import { Figures } from "./measure/Figures";
import type { AgreementSearch } from "./search";

interface Props {
  slug: string;
  search: AgreementSearch;
  onSearch: (search: AgreementSearch) => void;
}

/** Where coders disagree, who decides, and how far they agree. */
export function AgreementPage({ slug, search, onSearch }: Props) {
  return (
    <ProjectFrame slug={slug} wide inside={<span>{t("Agreement")}</span>}>
      {(state) => <OfScheme state={state} search={search} onSearch={onSearch} />}
    </ProjectFrame>
  );
}

interface OfSchemeProps {
  state: ProjectState;
  search: AgreementSearch;
  onSearch: (search: AgreementSearch) => void;
}

function OfScheme({ state, search, onSearch }: OfSchemeProps) {
  const { project, schemes } = state;
  const { slug } = project;
  const scheme =
    search.scheme === undefined ? schemes[0] : schemes.find(({ name }) => name === search.scheme);
  if (scheme === undefined) return <NoScheme slug={slug} name={search.scheme} />;
  const place = { slug, scheme: scheme.name };
  return (
    <>
      {schemes.length > 1 && (
        <nav className={classes.places} aria-label={t("Schemes")}>
          {schemes.map(({ id, name }) => (
            <Link
              key={id}
              to="/projects/$slug/agreement"
              params={{ slug }}
              search={{ scheme: name, ...(search.show ? { show: search.show } : {}) }}
              aria-current={name === scheme.name ? "page" : undefined}
              activeOptions={{ exact: true, includeSearch: true }}
              dir="auto"
            >
              {name}
            </Link>
          ))}
        </nav>
      )}
      <div className={classes.head}>
        <h1>{t("Agreement")}</h1>
        <nav className={classes.parts} aria-label={t("Agreement")}>
          <Link
            to="/projects/$slug/agreement"
            params={{ slug }}
            search={{ scheme: scheme.name }}
            aria-current={search.show === undefined ? "page" : undefined}
            activeOptions={{ exact: true, includeSearch: true }}
          >
            {t("Decide")}
          </Link>
          {project.role === "manager" && (
            <Link
              to="/projects/$slug/agreement"
              params={{ slug }}
              search={{ scheme: scheme.name, show: "figures" }}
              aria-current={search.show === "figures" ? "page" : undefined}
              activeOptions={{ exact: true, includeSearch: true }}
            >
              {t("How far they agree")}
            </Link>
          )}
        </nav>
      </div>
      {search.show === "figures" ? (
        <Figures key={scheme.id} state={state} place={place} scheme={scheme} />
      ) : (
        <Adjudication
          key={scheme.id}
          place={place}
          project={project}
          scheme={scheme}
          search={search}
          onSearch={onSearch}
        />
      )}
    </>
  );
}

function NoScheme({ slug, name }: { slug: string; name: string | undefined }) {
  const detail =
    name === undefined
      ? t("The project has no scheme yet: make one, then people can code by it.")
      : t("The project has no scheme {{scheme}}.", { scheme: name });
  return (
    <Notice error={new Problem(404, detail)}>
      <Link to="/projects/$slug" params={{ slug }}>
        {t("Its schemes")}
      </Link>
    </Notice>
  );
}
