import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { ProjectState } from "@/api/schema";
import type { Action } from "@/shared/actions/action";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { componentsQuery } from "@/shared/artefacts/api";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { mayContribute } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { Compare } from "./compare/Compare";
import { ArtefactList } from "./list/ArtefactList";
import { UnderWay } from "./list/UnderWay";
import classes from "./Models.module.css";
import type { ModelsSearch } from "./search";
import { standing } from "./words";

const FeatureForm = lazy(async () => ({
  default: (await import("./make/FeatureForm")).FeatureForm,
}));
const ModelForm = lazy(async () => ({ default: (await import("./make/ModelForm")).ModelForm }));

interface Props {
  slug: string;
  search: ModelsSearch;
  onSearch: (search: ModelsSearch) => void;
}

/** What was computed in a project, what is being computed, how to start more, and which is best. */
export function ModelsPage({ slug, search, onSearch }: Props) {
  return (
    <ProjectFrame slug={slug} wide inside={<span>{t("Models")}</span>}>
      {(state) => <Inside state={state} search={search} onSearch={onSearch} />}
    </ProjectFrame>
  );
}

interface InsideProps {
  state: ProjectState;
  search: ModelsSearch;
  onSearch: (search: ModelsSearch) => void;
}

function Inside({ state, search, onSearch }: InsideProps) {
  const { project, schemes, features, models } = state;
  const { slug } = project;
  const making = useMaking(state);
  const components = useQuery(componentsQuery);
  return (
    <>
      <div className={classes.head}>
        <div>
          <h1>{t("Models")}</h1>
          <p>{standing(features, models)}</p>
        </div>
        {making.actions.length > 0 && making.what === null && (
          <div className={classes.buttons}>
            {making.actions.map(({ id, title, keys, disabled, run }) => (
              <Button
                key={id}
                variant="default"
                aria-keyshortcuts={keys[0]}
                disabled={disabled === true}
                onClick={run}
              >
                {title}
              </Button>
            ))}
          </div>
        )}
      </div>
      {mayContribute(project) && schemes.length === 0 && (
        <p className={classes.soft}>
          {t("A model learns a scheme, and the project has none yet.")}{" "}
          <Link to="/projects/$slug" params={{ slug }}>
            {t("Make a scheme on the project's page")}
          </Link>
        </p>
      )}
      {components.error && <Notice error={components.error} />}
      {components.data && (
        <Suspense fallback={null}>
          {making.what === "feature" && (
            <FeatureForm
              slug={slug}
              components={components.data}
              features={features}
              onDone={making.done}
            />
          )}
          {making.what === "model" && (
            <ModelForm
              slug={slug}
              components={components.data}
              schemes={schemes}
              features={features}
              models={models}
              onDone={making.done}
            />
          )}
        </Suspense>
      )}
      <UnderWay slug={slug} manager={project.role === "manager"} />
      {search.compare !== undefined && (
        <Compare state={state} names={search.compare} search={search} onSearch={onSearch} />
      )}
      <ArtefactList
        state={state}
        components={components.data}
        search={search}
        onSearch={onSearch}
      />
      <p className={classes.foot}>
        <Link to="/projects/$slug/jobs" params={{ slug }}>
          {t("All jobs, and the energy they took")}
        </Link>
      </p>
    </>
  );
}

/** Which form is open, and the actions that open one. */
function useMaking({ project, schemes }: ProjectState) {
  const [what, setWhat] = useState<"feature" | "model" | null>(null);
  const open = mayContribute(project) && project.archived_at === null;
  const actions: readonly Action[] = open
    ? [
        {
          id: "models.feature",
          title: t("Compute a feature"),
          section: t("Models"),
          keys: ["f"],
          disabled: what !== null,
          run: () => setWhat("feature"),
        },
        {
          id: "models.train",
          title: t("Train a model"),
          section: t("Models"),
          keys: ["m"],
          disabled: what !== null || schemes.length === 0,
          run: () => setWhat("model"),
        },
      ]
    : [];
  useActionKeys(actions);
  return { what, actions, done: () => setWhat(null) };
}
