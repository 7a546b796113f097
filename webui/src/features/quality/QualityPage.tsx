import { Link } from "@tanstack/react-router";
import type { ProjectState, SchemeInfo } from "@/api/schema";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { t } from "@/shared/words/translate";
import { Annotators } from "./annotators/Annotators";
import { ChecksForm } from "./gold/ChecksForm";
import { GoldTexts } from "./gold/GoldTexts";
import classes from "./Quality.module.css";

interface Props {
  slug: string;
  /** The scheme that is looked at; the first where none is named. */
  scheme?: string;
}

/** Whether answers are right and stay so: texts whose answer is known, and how each person codes. */
export function QualityPage({ slug, scheme: name }: Props) {
  return (
    <ProjectFrame slug={slug}>
      {(state) => {
        const scheme = state.schemes.find((each) => each.name === name) ?? state.schemes[0];
        return (
          <>
            <h1>{t("Quality")}</h1>
            <Content state={state} scheme={scheme} />
          </>
        );
      }}
    </ProjectFrame>
  );
}

function Content({ state, scheme }: { state: ProjectState; scheme: SchemeInfo | undefined }) {
  const { project, schemes } = state;
  if (project.role !== "manager") {
    return (
      <p className={classes.about}>
        {t(
          "Managers of the project see here which answers are known to be right and how each person codes. Ask one of them.",
        )}
      </p>
    );
  }
  if (scheme === undefined) {
    return (
      <p className={classes.about}>
        {t("There is no scheme yet, so nobody can code.")}{" "}
        <Link to="/projects/$slug" params={{ slug: project.slug }}>
          {t("Make one on the overview.")}
        </Link>
      </p>
    );
  }
  const place = { slug: project.slug, scheme: scheme.name };
  return (
    <>
      <p className={classes.about}>
        {t(
          "Texts whose answer is known come up among the others and look like any other. They tell how often each person is right.",
        )}
      </p>
      {schemes.length > 1 && (
        <nav className={classes.schemes} aria-label={t("Schemes")}>
          {schemes.map(({ id, name }) => (
            <Link
              key={id}
              to="/projects/$slug/quality"
              params={{ slug: project.slug }}
              search={{ scheme: name }}
              aria-current={id === scheme.id ? "page" : undefined}
              dir="auto"
            >
              {name}
            </Link>
          ))}
        </nav>
      )}
      {/* What is being written belongs to one scheme. */}
      <ChecksForm key={`checks ${scheme.id}`} place={place} scheme={scheme} />
      <GoldTexts key={`gold ${scheme.id}`} place={place} scheme={scheme} />
      <Annotators key={`annotators ${scheme.id}`} place={place} scheme={scheme} />
    </>
  );
}
