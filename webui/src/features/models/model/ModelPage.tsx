import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ModelInfo, ProjectState } from "@/api/schema";
import { ActionButton } from "@/shared/actions/ActionButton";
import type { Action } from "@/shared/actions/action";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { componentsQuery } from "@/shared/artefacts/api";
import { titleOf } from "@/shared/jobs/words";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { mayContribute } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { apart, listed } from "@/shared/words/list";
import { t } from "@/shared/words/translate";
import { UnderWay } from "../list/UnderWay";
import classes from "../Models.module.css";
import { Predicting } from "../Predicting";
import { basisWords, type Judged, judgements, splitName, verdict } from "../reports";
import type { ModelSearch } from "../search";
import { predicted } from "../words";
import { ByLabel } from "./ByLabel";
import { Calibration } from "./Calibration";
import { Confusion } from "./Confusion";
import { ExportModel } from "./ExportModel";
import { LearningCurve } from "./LearningCurve";
import { Overall } from "./Overall";
import { Training } from "./Training";

interface Props {
  slug: string;
  model: string;
  search: ModelSearch;
  onSearch: (search: ModelSearch) => void;
}

/** How good a model is, where it goes wrong, and how it came about. */
export function ModelPage({ slug, model, search, onSearch }: Props) {
  return (
    <ProjectFrame
      slug={slug}
      inside={
        <>
          <Link to="/projects/$slug/models" params={{ slug }}>
            {t("Models")}
          </Link>
          <span aria-hidden="true">›</span>
          <span dir="auto">{model}</span>
        </>
      }
    >
      {(state) => {
        const found = state.models.find(({ name }) => name === model);
        if (found === undefined) {
          return (
            <Notice error={new Error(t("The project has no model {{name}}.", { name: model }))}>
              <Link to="/projects/$slug/models" params={{ slug }}>
                {t("Its models")}
              </Link>
            </Notice>
          );
        }
        return (
          <Inside key={found.id} state={state} model={found} search={search} onSearch={onSearch} />
        );
      }}
    </ProjectFrame>
  );
}

interface InsideProps {
  state: ProjectState;
  model: ModelInfo;
  search: ModelSearch;
  onSearch: (search: ModelSearch) => void;
}

function Inside({ state, model, search, onSearch }: InsideProps) {
  const { project, features } = state;
  const components = useQuery(componentsQuery).data;
  const all = judgements(model);
  const shown =
    all.find(({ split }) => split === search.split) ??
    all.find(({ report }) => report.basis !== "in-sample") ??
    all[0];
  const mayChange = mayContribute(project) && project.archived_at === null;
  const trained = model.kind === "model";
  const [predicting, setPredicting] = useState(false);
  const predict: Action = {
    id: "model.predict",
    title: t("Predict the corpus"),
    section: t("Models"),
    keys: ["p"],
    disabled: predicting,
    run: () => setPredicting(true),
  };
  const open = mayChange && trained;
  useActionKeys(open ? [predict] : []);
  const read = model.features.map(
    (id) => features.find((each) => each.id === id)?.name ?? t("a feature that was deleted"),
  );
  const title = titleOf(model.kind, model.component, { components });
  return (
    <>
      <div className={classes.head}>
        <div>
          <h1 dir="auto">{model.name}</h1>
          <p className={classes.verdict}>
            {shown === undefined
              ? t("It was not judged yet: let it predict texts that people have coded.")
              : `${verdict(shown)}`}
          </p>
          <p>
            {`${apart([
              read.length > 0
                ? `${title}, ${t("from {{names}}", { names: listed(read, t("and")) })}`
                : title,
              learnt(model),
              model.predicted_rows === null
                ? t("no predictions of the corpus yet")
                : t("predicted {{texts}}", {
                    texts: predicted(model.predicted_rows, project.n_rows),
                  }),
            ])}.`}
          </p>
        </div>
        <div className={classes.buttons}>
          {open && <ActionButton action={predict} />}
          {open && <ExportModel slug={project.slug} model={model} />}
        </div>
      </div>
      {predicting && (
        <Predicting model={model} project={project} onDone={() => setPredicting(false)} />
      )}
      <UnderWay slug={project.slug} manager={project.role === "manager"} />
      {shown !== undefined && (
        <>
          <Splits all={all} shown={shown} onSearch={onSearch} />
          <Overall report={shown.report} />
          <ByLabel report={shown.report} scheme={schemeOf(state, model)} />
          <Confusion
            project={project}
            model={model}
            judged={shown}
            search={search}
            onSearch={onSearch}
          />
          <Calibration report={shown.report} />
        </>
      )}
      {trained && <LearningCurve slug={project.slug} model={model} mayChange={mayChange} />}
      <Training slug={project.slug} model={model} judged={shown} components={components} />
    </>
  );
}

function schemeOf({ schemes }: ProjectState, { scheme }: ModelInfo) {
  return schemes.find(({ name }) => name === scheme);
}

function learnt({ kind, scheme, n_train: count }: ModelInfo): string {
  return kind === "labeller"
    ? t("asked for {{scheme}}", { scheme })
    : t("learnt {{scheme}} from {{count}} texts", { scheme, count });
}

interface SplitsProps {
  all: readonly Judged[];
  shown: Judged;
  onSearch: (search: ModelSearch) => void;
}

/** On which texts it is judged, and whether it had seen them. */
function Splits({ all, shown, onSearch }: SplitsProps) {
  return (
    <div className={classes.splits}>
      <fieldset className={classes.kinds}>
        <legend className={classes.unseen}>{t("Judged on")}</legend>
        {all.map(({ split, report }) => (
          <button
            key={split}
            type="button"
            aria-pressed={split === shown.split}
            onClick={() => onSearch({ split })}
          >
            {splitName(split)} <span>{report.n}</span>
          </button>
        ))}
      </fieldset>
      <p className={shown.report.basis === "in-sample" ? classes.caution : classes.soft}>
        {basisWords(shown)}
      </p>
    </div>
  );
}
