import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ModelInfo, ProjectState } from "@/api/schema";
import { Intervals } from "@/shared/charts/Intervals";
import { putJob } from "@/shared/jobs/jobCache";
import { mayContribute } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { carbon, wattHours } from "@/shared/words/energy";
import { roughly } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import { compareTwo, doneJobsQuery } from "../api";
import classes from "../Models.module.css";
import {
  figureName,
  figures,
  isLoss,
  labelFigure,
  perKilowattHour,
  reportOn,
  splitName,
  withInterval,
  written,
} from "../reports";
import type { ModelsSearch, Split } from "../search";
import {
  commonFigure,
  commonSplits,
  conclusion,
  hindrance,
  probability,
  ranked,
  type Test,
  testOf,
} from "./comparison";

interface Props {
  state: ProjectState;
  names: readonly string[];
  search: ModelsSearch;
  onSearch: (search: ModelsSearch) => void;
}

/** Models side by side: which is better, or that the data cannot tell, and by what. */
export function Compare({ state, names, search, onSearch }: Props) {
  const models = names.flatMap((name) => state.models.filter((each) => each.name === name));
  const why = hindrance(models);
  const splits = why === null ? commonSplits(models) : [];
  const split = splits.find((each) => each === search.split) ?? splits[0];
  const close = () => onSearch(search.kind === undefined ? {} : { kind: search.kind });
  return (
    <section className={classes.compare} aria-labelledby="compare">
      <div className={classes.listHead}>
        <h2 id="compare">{t("Compared")}</h2>
        {splits.length > 1 && (
          <fieldset className={classes.kinds}>
            <legend className={classes.unseen}>{t("Judged on")}</legend>
            {splits.map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={each === split}
                onClick={() => onSearch({ ...search, split: each })}
              >
                {splitName(each)}
              </button>
            ))}
          </fieldset>
        )}
        <Button size="compact-sm" variant="default" onClick={close}>
          {t("Close the comparison")}
        </Button>
      </div>
      {why !== null && <p>{why}</p>}
      {split !== undefined && <Sides state={state} models={models} split={split} />}
    </section>
  );
}

interface SidesProps {
  state: ProjectState;
  models: readonly ModelInfo[];
  split: Split;
}

function Sides({ state, models, split }: SidesProps) {
  const reports = models.flatMap((model) => reportOn(model, split) ?? []);
  const figure = commonFigure(reports);
  if (figure === null) return <p>{t("No figure is defined for all of them.")}</p>;
  const order = ranked(models, split, figure);
  const [leading, ...others] = order;
  if (leading === undefined) return null;
  return (
    <>
      <Tests state={state} leading={leading} others={others} split={split} figure={figure} />
      <h3>{figureName(figure)}</h3>
      <Intervals
        label={t("{{figure}} of the models", { figure: figureName(figure) })}
        rows={order.flatMap((model, at) => {
          const score = reportOn(model, split)?.overall[figure];
          if (score?.value == null) return [];
          return [
            {
              key: model.id,
              name: model.name,
              color: at === 0 ? "var(--accent)" : "var(--ink-soft)",
              value: score.value,
              low: score.low,
              high: score.high,
              shown: withInterval(figure, score),
            },
          ];
        })}
      />
      <Basis models={order} split={split} />
      <h3>{t("All figures")}</h3>
      <FigureTable models={order} split={split} />
      <h3>{t("By label")}</h3>
      <LabelTable models={order} split={split} />
    </>
  );
}

/** A model that has seen the texts is not to be compared with one that has not. */
function Basis({ models, split }: Pick<SidesProps, "models" | "split">) {
  const seen = models.filter((model) => reportOn(model, split)?.basis === "in-sample");
  if (seen.length === 0) return null;
  return (
    <p className={classes.caution}>
      {t("Learnt from these texts, so that its scores say nothing of others: {{names}}.", {
        names: seen.map(({ name }) => name).join(", "),
      })}
    </p>
  );
}

interface TestsProps {
  state: ProjectState;
  leading: ModelInfo;
  others: readonly ModelInfo[];
  split: Split;
  figure: string;
}

/** The paired tests of the leading model against each other one, and what follows from them. */
function Tests({ state, leading, others, split, figure }: TestsProps) {
  const { project } = state;
  const { slug } = project;
  const client = useQueryClient();
  const jobs = useQuery(doneJobsQuery(slug));
  const tests = others.flatMap(
    ({ id }) => testOf(jobs.data ?? [], leading.id, id, split, figure) ?? [],
  );
  const missing = others.filter(({ id }) => !tests.some(({ other }) => other === id));
  const names = new Map([leading, ...others].map(({ id, name }) => [id, name]));
  const testing = useMutation({
    mutationFn: async (asked: readonly ModelInfo[]) => {
      for (const { name: first } of asked) {
        const wish = { first, second: leading.name, split, seed: 0 };
        putJob(client, await compareTwo(slug, wish));
      }
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["project", slug, "models", "jobs"] }),
  });
  if (jobs.data === undefined) return null;
  return (
    <>
      <p className={classes.verdict} role="status">
        {missing.length === 0
          ? conclusion(leading, tests, figure, names)
          : t(
              "{{name}} leads by {{figure}}. A paired test says whether that is more than chance.",
              {
                name: leading.name,
                figure: figureName(figure),
              },
            )}
      </p>
      {tests.length > 0 && (
        <ul className={classes.tests}>
          {tests.map((test) => (
            <li key={test.other}>{testWords(leading, test, figure, names)}</li>
          ))}
        </ul>
      )}
      {testing.error && <Notice error={testing.error} />}
      {mayContribute(project) && project.archived_at === null && (
        <Button
          variant="default"
          loading={testing.isPending}
          onClick={() => testing.mutate(missing.length > 0 ? missing : others)}
        >
          {missing.length > 0 ? t("Test the difference") : t("Test again")}
        </Button>
      )}
    </>
  );
}

function testWords(
  leading: ModelInfo,
  { other, n, difference, low, high, p, mcnemar }: Test,
  figure: string,
  names: ReadonlyMap<string, string>,
): string {
  const says = { best: leading.name, other: names.get(other) ?? other };
  if (difference === null || p === null) {
    return t("{{best}} and {{other}}, on {{count}} texts: no test is defined.", {
      ...says,
      count: n,
    });
  }
  const apart =
    low === null || high === null ? "" : ` (${signed(figure, low)} – ${signed(figure, high)})`;
  const told = t("{{best}} less {{other}}, on {{count}} texts: {{difference}}, {{p}}.", {
    ...says,
    count: n,
    difference: `${signed(figure, difference)}${apart}`,
    p: probability(p),
  });
  if (mcnemar === null) return told;
  return `${told} ${t(
    "Only {{best}} has {{mine}} right, only {{other}} has {{theirs}}: McNemar's {{p}}.",
    { ...says, mine: mcnemar.leading, theirs: mcnemar.other, p: probability(mcnemar.p) },
  )}`;
}

function signed(figure: string, value: number): string {
  const size = written(figure, Math.abs(value));
  return value > 0 ? `+${size}` : value < 0 ? `\u2212${size}` : size;
}

function FigureTable({ models, split }: Pick<SidesProps, "models" | "split">) {
  const reports = models.map((model) => reportOn(model, split));
  const [first] = reports;
  if (first === undefined) return null;
  const { common, losses } = figures(first);
  return (
    <Scrolled label={t("All figures")}>
      <Heads models={models} />
      <tbody>
        {[...common, ...losses].map((name) => (
          <tr key={name}>
            <th scope="row">
              {figureName(name)}
              {isLoss(name) && <span className={classes.soft}>, {t("the less the better")}</span>}
            </th>
            {models.map((model) => (
              <td key={model.id}>
                {withInterval(name, reportOn(model, split)?.overall[name] ?? { value: null })}
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">{t("Energy of the training")}</th>
          {models.map(({ id, energy }) => (
            <td key={id}>
              {energy === null
                ? t("not known")
                : `${wattHours(energy.wh)}, ${carbon(energy.g_co2e)}`}
            </td>
          ))}
        </tr>
        <tr>
          <th scope="row">
            {t("{{figure}} for each kWh", { figure: figureName(common[0] ?? "") })}
          </th>
          {models.map((model) => {
            const { id, energy } = model;
            const value = reportOn(model, split)?.overall[common[0] ?? ""]?.value;
            const rate = perKilowattHour(value, energy?.wh);
            return <td key={id}>{rate === null ? t("not known") : roughly(rate)}</td>;
          })}
        </tr>
      </tbody>
    </Scrolled>
  );
}

function LabelTable({ models, split }: Pick<SidesProps, "models" | "split">) {
  const reports = models.map((model) => reportOn(model, split));
  const [first] = reports;
  const figure = first === undefined ? null : labelFigure(first);
  if (first === undefined || figure === null) return null;
  const labels = [...new Set(reports.flatMap((each) => Object.keys(each?.by_label ?? {})))];
  return (
    <Scrolled label={t("By label")}>
      <Heads models={models} />
      <tbody>
        {labels.map((label) => (
          <tr key={label}>
            <th scope="row" dir="auto">
              {label}
            </th>
            {models.map((model) => (
              <td key={model.id}>
                {withInterval(
                  figure,
                  reportOn(model, split)?.by_label?.[label]?.[figure] ?? { value: null },
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Scrolled>
  );
}

function Heads({ models }: Pick<SidesProps, "models">) {
  return (
    <thead>
      <tr>
        <td />
        {models.map(({ id, name }) => (
          <th key={id} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Scrolled({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className={classes.scrolled} aria-label={label} tabIndex={0}>
      <table className={classes.table}>{children}</table>
    </section>
  );
}
