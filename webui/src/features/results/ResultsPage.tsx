import { Link } from "@tanstack/react-router";
import { Problem } from "@/api/problem";
import type { ProjectState } from "@/api/schema";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { EstimatesView } from "./EstimatesView";
import classes from "./Results.module.css";
import { SamplesView } from "./SamplesView";
import type { ResultsSearch } from "./search";

interface Props {
  slug: string;
  search: ResultsSearch;
}

/** What is true of the corpus: estimates with intervals, and the samples that they rest on. */
export function ResultsPage({ slug, search }: Props) {
  return (
    <ProjectFrame slug={slug}>{(state) => <OfScheme state={state} search={search} />}</ProjectFrame>
  );
}

function OfScheme({ state, search }: { state: ProjectState; search: ResultsSearch }) {
  const { project, schemes } = state;
  const { slug } = project;
  const scheme =
    search.scheme === undefined ? schemes[0] : schemes.find(({ name }) => name === search.scheme);
  if (scheme === undefined && search.scheme !== undefined) {
    const detail = t("The project has no scheme {{scheme}}.", { scheme: search.scheme });
    return (
      <Notice error={new Problem(404, detail)}>
        <Link to="/projects/$slug/results" params={{ slug }}>
          {t("Results of the others")}
        </Link>
      </Notice>
    );
  }
  if (scheme === undefined) {
    return (
      <div className={classes.empty}>
        <h1>{t("Results")}</h1>
        <p>{t("Results say how often the labels of a scheme occur: it needs a scheme first.")}</p>
        <Link to="/projects/$slug" params={{ slug }}>
          {t("Make a scheme on the project's page")}
        </Link>
      </div>
    );
  }
  const samples = search.show === "samples";
  const part = (show: "samples" | undefined, title: string) => (
    <Link
      to="/projects/$slug/results"
      params={{ slug }}
      search={{ scheme: scheme.name, ...(show === undefined ? {} : { show }) }}
      aria-current={search.show === show ? "page" : undefined}
      activeOptions={{ exact: true, includeSearch: true }}
    >
      {title}
    </Link>
  );
  return (
    <>
      {schemes.length > 1 && (
        <nav className={classes.schemes} aria-label={t("Schemes")}>
          {schemes.map(({ id, name }) => (
            <Link
              key={id}
              to="/projects/$slug/results"
              params={{ slug }}
              search={{ scheme: name, ...(samples ? { show: "samples" } : {}) }}
              aria-current={name === scheme.name ? "page" : undefined}
              activeOptions={{ exact: true, includeSearch: true }}
              dir="auto"
            >
              {name}
            </Link>
          ))}
        </nav>
      )}
      <div className={classes.top}>
        <h1>{t("Results")}</h1>
        <nav className={classes.parts} aria-label={t("Results")}>
          {part(undefined, t("Estimates"))}
          {part("samples", t("Samples"))}
        </nav>
      </div>
      {samples ? (
        <SamplesView key={scheme.id} state={state} scheme={scheme} search={search} />
      ) : (
        <EstimatesView key={scheme.id} state={state} scheme={scheme} search={search} />
      )}
    </>
  );
}
