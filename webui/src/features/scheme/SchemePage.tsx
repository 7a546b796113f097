import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { Problem } from "@/api/problem";
import type { ProjectState, SchemeInfo } from "@/api/schema";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { mayContribute } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { schemeActions } from "./actions";
import { CODEBOOK, Codebook } from "./codebook/Codebook";
import { DeleteScheme } from "./DeleteScheme";
import { NEW_LABEL } from "./labels/AddLabelForm";
import { Labels } from "./labels/Labels";
import classes from "./Scheme.module.css";
import { SchemeSettings } from "./SchemeSettings";
import { coded, widgetName } from "./words";

interface Props {
  slug: string;
  scheme: string;
}

/** A scheme: its labels, its codebook, and how many people code each text. */
export function SchemePage({ slug, scheme: name }: Props) {
  return (
    <ProjectFrame slug={slug} inside={<span dir="auto">{name}</span>}>
      {(state) => {
        const scheme = state.schemes.find((each) => each.name === name);
        return scheme === undefined ? (
          <Missing slug={slug} name={name} />
        ) : (
          // A form belongs to one scheme; its name may change meanwhile.
          <Scheme key={scheme.id} state={state} scheme={scheme} />
        );
      }}
    </ProjectFrame>
  );
}

function Missing({ slug, name }: { slug: string; name: string }) {
  const problem = new Problem(404, t("The project has no scheme {{scheme}}.", { scheme: name }));
  return (
    <Notice error={problem}>
      <Link to="/projects/$slug" params={{ slug }}>
        {t("Its schemes")}
      </Link>
    </Notice>
  );
}

function Scheme({ state, scheme }: { state: ProjectState; scheme: SchemeInfo }) {
  const { project } = state;
  const editable = mayContribute(project);
  const params = { slug: project.slug, scheme: scheme.name };
  const navigate = useNavigate();
  useActionKeys(
    schemeActions(
      {
        annotate: () => void navigate({ to: "/projects/$slug/annotate/$scheme", params }),
        addLabel: () => document.getElementById(NEW_LABEL)?.focus(),
        writeCodebook: () => document.getElementById(CODEBOOK)?.focus(),
      },
      editable,
    ),
  );
  return (
    <>
      <Schemes state={state} />
      <div className={classes.head}>
        <div>
          <h1 dir="auto">{scheme.name}</h1>
          <p>
            {widgetName(scheme.widget)} {coded(scheme.annotated.train, project.splits.train)}
          </p>
        </div>
        <div className={classes.ways}>
          <Link to="/projects/$slug/learning/$scheme" params={params}>
            {t("Active learning")}
          </Link>
          <Button
            aria-keyshortcuts="a"
            renderRoot={(props) => (
              <Link {...props} to="/projects/$slug/annotate/$scheme" params={params} />
            )}
          >
            {t("Annotate")}
          </Button>
        </div>
      </div>
      {!editable && (
        <p className={classes.about}>
          {t("Contributors and managers of the project can change this scheme.")}
        </p>
      )}
      {editable && (
        <section aria-labelledby="labels" className={classes.section}>
          <h2 id="labels">{t("Labels")}</h2>
          <p>
            {t(
              "In this order they get the keys 1, 2, 3… Names, colours and descriptions are saved as you leave them; annotations follow.",
            )}
          </p>
          <Labels place={params} scheme={scheme} />
        </section>
      )}
      <section aria-labelledby="codebook" className={classes.section}>
        <h2 id="codebook">{t("Codebook")}</h2>
        <Codebook place={params} scheme={scheme} editable={editable} />
      </section>
      {editable && <SchemeSettings place={params} scheme={scheme} />}
      {project.role === "manager" && <DeleteScheme state={state} scheme={scheme} />}
    </>
  );
}

/** The project's schemes beside each other. */
function Schemes({ state }: { state: ProjectState }) {
  const { project, schemes } = state;
  if (schemes.length < 2) return null;
  return (
    <nav className={classes.schemes} aria-label={t("Schemes")}>
      {schemes.map(({ id, name }) => (
        <Link
          key={id}
          to="/projects/$slug/schemes/$scheme"
          params={{ slug: project.slug, scheme: name }}
          dir="auto"
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
