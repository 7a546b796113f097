import { Link } from "@tanstack/react-router";
import type { ProjectState } from "@/api/schema";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { t } from "@/shared/words/translate";
import { Browser } from "./Browser";
import classes from "./Explore.module.css";
import { changed, type ExploreSearch } from "./search";

interface Props {
  slug: string;
  search: ExploreSearch;
  onSearch: (search: ExploreSearch) => void;
}

/** The corpus as a table: found, sorted, read and labelled, many texts at a time. */
export function ExplorePage({ slug, search, onSearch }: Props) {
  return (
    <ProjectFrame slug={slug} wide>
      {(state) => <Explore state={state} search={search} onSearch={onSearch} />}
    </ProjectFrame>
  );
}

interface ExploreProps extends Omit<Props, "slug"> {
  state: ProjectState;
}

function Explore({ state, search, onSearch }: ExploreProps) {
  const { project, schemes } = state;
  const scheme = schemes.find(({ name }) => name === search.scheme) ?? schemes[0];
  if (scheme === undefined) {
    return (
      <div className={classes.empty}>
        <h1>{t("Explore")}</h1>
        <p>{t("A table shows texts with what was said of them: it needs a scheme first.")}</p>
        <Link to="/projects/$slug" params={{ slug: project.slug }}>
          {t("Make a scheme on the project's page")}
        </Link>
      </div>
    );
  }
  return (
    <>
      <div className={classes.head}>
        <h1>{t("Explore")}</h1>
        <label className={classes.field}>
          <span>{t("Scheme")}</span>
          <select
            value={scheme.name}
            onChange={(event) =>
              onSearch(
                changed(search, {
                  scheme: event.currentTarget.value,
                  by: undefined,
                  label: undefined,
                }),
              )
            }
          >
            {schemes.map(({ id, name }) => (
              <option key={id} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <p className={classes.coded}>
          {t("{{annotated}} of {{total}} texts coded.", {
            annotated: scheme.annotated.train + scheme.annotated.valid + scheme.annotated.test,
            total: project.n_rows,
          })}
        </p>
      </div>
      <Browser key={scheme.id} state={state} scheme={scheme} search={search} onSearch={onSearch} />
    </>
  );
}
