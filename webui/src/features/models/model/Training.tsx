import { useQuery } from "@tanstack/react-query";
import type { ComponentInfo, ModelInfo } from "@/api/schema";
import { shownOption } from "@/shared/form/draft";
import { type Field, fieldsOf, readable } from "@/shared/form/schema";
import { carbon, wattHours } from "@/shared/words/energy";
import { roughly } from "@/shared/words/number";
import { moment, roughTime } from "@/shared/words/time";
import { t, told } from "@/shared/words/translate";
import { doneJobsQuery } from "../api";
import { makers } from "../list/lineage";
import classes from "../Models.module.css";
import { decimals, figureName, type Judged, mainFigure, perKilowattHour } from "../reports";
import { Course } from "./Course";

interface Props {
  slug: string;
  model: ModelInfo;
  judged: Judged | undefined;
  components: readonly ComponentInfo[] | undefined;
}

/** How a model came about: what it took, how its training went, and how it was set. */
export function Training({ slug, model, judged, components }: Props) {
  const jobs = useQuery(doneJobsQuery(slug));
  const job = makers(jobs.data ?? []).get(model.id);
  const { provenance, energy } = model;
  const figure = judged === undefined ? null : mainFigure(judged.report);
  const value = figure === null ? null : judged?.report.overall[figure]?.value;
  const rate = perKilowattHour(value, energy?.wh);
  const seconds = provenance.seconds || job?.seconds || null;
  const component = components?.find(
    ({ kind, name }) => kind === model.kind && name === model.component,
  );
  const fields = fieldsOf(component?.schema);
  return (
    <section className={classes.section} aria-labelledby="training">
      <h2 id="training">{t("How it came about")}</h2>
      <p>
        {[
          ...(seconds === null
            ? []
            : [t("The training took {{time}}.", { time: roughTime(seconds) })]),
          ...(energy === null
            ? []
            : [
                t("It used {{energy}}, {{carbon}}.", {
                  energy: wattHours(energy.wh),
                  carbon: carbon(energy.g_co2e),
                }),
              ]),
          ...(rate === null || figure === null
            ? []
            : [
                t("That is {{rate}} of {{figure}} for each kWh.", {
                  rate: roughly(rate),
                  figure: figureName(figure),
                }),
              ]),
        ].join(" ")}
      </p>
      {job !== undefined && job.kind === "train" && <Course job={job.id} />}
      <dl className={classes.facing}>
        <Fact name={t("Made")}>
          {moment(model.created_at)}
          {job !== undefined && `, ${t("by {{name}}", { name: job.user })}`}
        </Fact>
        <Fact name={t("Learnt from")}>
          {t("{{count}} texts", { count: model.n_train })}
          {taught(model)}
        </Fact>
        {model.thresholds !== null && (
          <Fact name={t("Thresholds that it chose")}>
            {model.labels
              .map((label, at) => `${label} ${decimals(model.thresholds?.[at] ?? 0.5, 2)}`)
              .join(", ")}
          </Fact>
        )}
        {Object.entries(model.params).map(([name, set]) => {
          const field = fields.find((each) => each.name === name);
          return (
            <Fact key={name} name={told(readable(name))} hint={field?.description ?? ""}>
              {shown(field, set)}
            </Fact>
          );
        })}
        <Fact name={t("Seed")}>{model.seed}</Fact>
        {provenance.plugin !== "" && <Fact name={t("Software")}>{software(model)}</Fact>}
        {provenance.card != null && <Fact name={t("Graphics card")}>{provenance.card}</Fact>}
      </dl>
    </section>
  );
}

function Fact(props: { name: string; hint?: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>
        {props.name}
        {props.hint !== undefined && props.hint !== "" && <span>{props.hint}</span>}
      </dt>
      <dd dir="auto">{props.children}</dd>
    </div>
  );
}

function taught({ training }: ModelInfo): string {
  const { exclude_labels: left, dichotomise, annotators, sources, n_silver: silver } = training;
  return [
    ...(left.length > 0 ? [t("without {{labels}}", { labels: left.join(", ") })] : []),
    ...(dichotomise === null ? [] : [t("{{label}} against the rest", { label: dichotomise })]),
    ...(annotators.length > 0 ? [t("coded by {{names}}", { names: annotators.join(", ") })] : []),
    ...(sources.length > 0 ? [t("sources: {{names}}", { names: sources.join(", ") })] : []),
    ...(silver > 0 ? [t("{{count}} of them labelled by an LLM", { count: silver })] : []),
  ]
    .map((each) => `, ${each}`)
    .join("");
}

function software({ provenance }: ModelInfo): string {
  const packages = Object.entries(provenance.packages ?? {}).map(([name, at]) => `${name} ${at}`);
  return [provenance.plugin, ...packages, `Python ${provenance.python}`].join(", ");
}

/** A param as it was set; numbers stay as they are written in a request. */
function shown(field: Field | undefined, value: unknown): string {
  if (value === null || value === "") return t("no value");
  if (value === true) return t("yes");
  if (value === false) return t("no");
  if (field?.kind === "choice" && typeof value === "string") return shownOption(field, value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
