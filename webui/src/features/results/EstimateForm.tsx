import { Button, Checkbox, MultiSelect, NumberInput, Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type {
  ComponentInfo,
  JobView,
  ModelInfo,
  NewCorpusEstimate,
  ProjectState,
  SampleInfo,
  SchemeInfo,
} from "@/api/schema";
import { ComponentSelect } from "@/shared/form/ComponentSelect";
import { ModeSwitch } from "@/shared/form/ModeSwitch";
import { useMode } from "@/shared/form/mode";
import { ParamsForm } from "@/shared/form/ParamsForm";
import { useParams } from "@/shared/form/useParams";
import { putJob } from "@/shared/jobs/jobCache";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { isRegression, type QuestionKind } from "./answer";
import { startEstimate } from "./api";
import classes from "./Results.module.css";
import { type EstimateDraft, estimatorsFor, requestOf, SAMPLE } from "./request";
import { coded, complete, furthest } from "./samples";
import { kindName } from "./words";

interface Props {
  state: ProjectState;
  scheme: SchemeInfo;
  samples: readonly SampleInfo[];
  models: readonly ModelInfo[];
  components: readonly ComponentInfo[];
  onStarted: (job: JobView) => void;
  onCancel: () => void;
}

const ORDER = ["label", "input", "description", "error"] as const;
const KINDS: readonly QuestionKind[] = ["prevalence", "mean-by-group", "linear", "logistic"];
const ALONE = "";

/** A question about the corpus: what, by whose labels, with which machine. */
export function EstimateForm(props: Props) {
  const { state, scheme, samples, models, components, onStarted, onCancel } = props;
  const { project } = state;
  const able = models.filter((each) => each.scheme === scheme.name && each.predicted_rows !== null);
  const first = furthest(samples, scheme.name);
  const [draft, setDraft] = useState<EstimateDraft>({
    kind: "prevalence",
    labels: [],
    by: null,
    covariates: [],
    categories: [],
    standardise: false,
    human: first === undefined ? null : `${SAMPLE}${first.name}`,
    leaveOut: false,
    model: able.at(-1)?.name ?? null,
    machine: "probabilities",
    level: 95,
    population: "corpus",
    seed: 0,
  });
  const change = (part: Partial<EstimateDraft>) => setDraft({ ...draft, ...part });
  const [chosen, setChosen] = useState<string | null>(null);
  const [mode] = useMode();
  const estimators = estimatorsFor(components, draft.model);
  const estimator = estimators.find(({ name }) => name === chosen) ?? estimators[0];
  const client = useQueryClient();
  const starting = useMutation({
    mutationFn: (request: NewCorpusEstimate) => startEstimate(project.slug, scheme.name, request),
    onSuccess: (job) => {
      putJob(client, job);
      onStarted(job);
    },
  });
  const form = useParams(estimator, starting.error);
  const request = requestOf(draft, estimator?.name, form.params);
  const sample = samples.find(({ name }) => draft.human === `${SAMPLE}${name}`);
  const columns = project.context_columns;
  const regression = isRegression(draft);
  return (
    <form
      className={classes.form}
      aria-label={t("Estimate something")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (request === null) return;
        form.sending();
        starting.mutate(request);
      }}
    >
      <div className={classes.head}>
        <h2>{t("Estimate something")}</h2>
        <ModeSwitch />
      </div>
      <div className={classes.pair}>
        <Select
          label={t("What")}
          description={about(draft.kind)}
          inputWrapperOrder={[...ORDER]}
          data={KINDS.map((kind) => ({ value: kind, label: kindName(kind) }))}
          value={draft.kind}
          allowDeselect={false}
          data-autofocus
          onChange={(kind) => kind !== null && change({ kind: kind as QuestionKind })}
        />
        <MultiSelect
          label={t("Of the labels")}
          description={
            draft.labels.length === 0
              ? t("Empty: all {{count}} of them.", { count: scheme.labels.length })
              : null
          }
          inputWrapperOrder={[...ORDER]}
          data={scheme.labels.map(({ name }) => name)}
          value={[...draft.labels]}
          searchable
          clearable
          onChange={(labels) => change({ labels })}
        />
        {draft.kind === "mean-by-group" && (
          <Select
            label={t("By the column")}
            description={
              columns.length === 0
                ? t("The project has no context column.")
                : t("Years, months or other moments become a line over time. 50 values at most.")
            }
            inputWrapperOrder={[...ORDER]}
            data={columns}
            value={draft.by}
            searchable
            onChange={(by) => change({ by })}
          />
        )}
        {regression && (
          <MultiSelect
            label={t("On the columns")}
            description={t("What may go with having the label; columns without a missing value.")}
            inputWrapperOrder={[...ORDER]}
            data={columns}
            value={[...draft.covariates]}
            searchable
            onChange={(covariates) => change({ covariates })}
          />
        )}
        {regression && mode !== "easy" && (
          <MultiSelect
            label={t("Numbers that are categories")}
            description={t("Each of their values gets a coefficient of its own.")}
            inputWrapperOrder={[...ORDER]}
            data={[...draft.covariates]}
            value={draft.categories.filter((each) => draft.covariates.includes(each))}
            onChange={(categories) => change({ categories })}
          />
        )}
      </div>
      {regression && (
        <Checkbox
          label={t("Count numbers in standard deviations")}
          description={t("Coefficients of different columns can then be compared.")}
          checked={draft.standardise}
          onChange={(event) => change({ standardise: event.currentTarget.checked })}
        />
      )}
      <div className={classes.pair}>
        <Select
          label={t("From labels by people")}
          description={t("Only texts that chance has chosen tell about the others.")}
          inputWrapperOrder={[...ORDER]}
          data={[
            ...samples.map((each) => ({
              value: `${SAMPLE}${each.name}`,
              label: t("{{sample}}: {{coded}} of {{n}} coded", {
                sample: each.name,
                coded: coded(each, scheme.name),
                n: each.n,
              }),
            })),
            { value: "test-split", label: t("the test split") },
            { value: "random-draws", label: t("texts drawn at random while annotating") },
          ]}
          placeholder={t("Choose one, or draw a sample first")}
          value={draft.human}
          allowDeselect={false}
          onChange={(human) => change({ human })}
        />
        <Select
          label={t("With the predictions of")}
          description={
            able.length === 0
              ? t("No model or language model has predicted the complete corpus yet.")
              : t("It must not have learnt from the texts that correct it.")
          }
          inputWrapperOrder={[...ORDER]}
          data={[
            ...able.map(({ name }) => ({ value: name, label: name })),
            { value: ALONE, label: t("none: people alone") },
          ]}
          value={draft.model ?? ALONE}
          allowDeselect={false}
          onChange={(model) => change({ model: model === ALONE ? null : model })}
        />
        <ComponentSelect
          label={t("Estimator")}
          components={estimators}
          chosen={estimator}
          onChange={setChosen}
        />
        {mode !== "easy" && draft.model !== null && (
          <Select
            label={t("Of the predictions")}
            data={[
              { value: "probabilities", label: t("probabilities") },
              { value: "labels", label: t("labels") },
            ]}
            value={draft.machine}
            allowDeselect={false}
            onChange={(machine) =>
              machine !== null && change({ machine: machine as EstimateDraft["machine"] })
            }
          />
        )}
        {mode !== "easy" && (
          <NumberInput
            label={t("Level of the intervals, in %")}
            min={51}
            max={99.99}
            value={draft.level ?? ""}
            onChange={(level) => change({ level: level === "" ? null : Number(level) })}
          />
        )}
        {mode === "pro" && (
          <>
            <Select
              label={t("Of what")}
              data={[
                { value: "corpus", label: t("these texts") },
                { value: "wider", label: t("what they are a random sample of") },
              ]}
              value={draft.population}
              allowDeselect={false}
              onChange={(population) =>
                population !== null &&
                change({ population: population as EstimateDraft["population"] })
              }
            />
            <NumberInput
              label={t("Seed")}
              min={0}
              allowDecimal={false}
              value={draft.seed ?? ""}
              onChange={(seed) => change({ seed: seed === "" ? null : Number(seed) })}
            />
          </>
        )}
      </div>
      <ParamsForm
        fields={form.fields}
        mode={mode}
        draft={form.draft}
        errors={form.errors}
        onChange={form.change}
      />
      {sample !== undefined && !complete(sample, scheme.name) && (
        <div className={classes.missing}>
          <p>
            {t("{{count}} texts of {{sample}} are not coded yet.", {
              count: sample.n - coded(sample, scheme.name),
              sample: sample.name,
            })}{" "}
            <Link
              to="/projects/$slug/annotate/$scheme"
              params={{ slug: project.slug, scheme: scheme.name }}
              search={{ drawn: sample.name }}
            >
              {t("Code them")}
            </Link>
          </p>
          <Checkbox
            label={t("Leave them out, as if they were like the others")}
            description={t("Nothing can check that; the result repeats it.")}
            checked={draft.leaveOut}
            onChange={(event) => change({ leaveOut: event.currentTarget.checked })}
          />
        </div>
      )}
      {form.rest && <Notice error={form.rest} />}
      <div className={classes.end}>
        <Button variant="default" onClick={onCancel}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={starting.isPending} disabled={request === null}>
          {t("Estimate it")}
        </Button>
      </div>
    </form>
  );
}

function about(kind: QuestionKind): string {
  if (kind === "prevalence") return t("How many of the texts have each label.");
  if (kind === "mean-by-group") return t("The same, for each value of a column.");
  return kind === "linear"
    ? t("By how much the share of a label changes with columns.")
    : t("By how much the log-odds of a label change with columns.");
}
