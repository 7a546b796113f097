import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { toProblem } from "@/api/problem";
import type { ProjectState, SimulationReport } from "@/api/schema";
import { componentsQuery } from "@/shared/artefacts/api";
import { Intervals } from "@/shared/charts/Intervals";
import { LineChart } from "@/shared/charts/LineChart";
import { projectJobsQuery } from "@/shared/jobs/api";
import { JobCard } from "@/shared/jobs/JobCard";
import { titleOf } from "@/shared/jobs/words";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { apart, listed, small } from "@/shared/words/list";
import { score } from "@/shared/words/number";
import { moment } from "@/shared/words/time";
import { t, told } from "@/shared/words/translate";
import { simulationQuery } from "../api";
import { atMost, conclusion, gainWords, labelsWords, metricName } from "./conclusion";
import { Downloads } from "./Downloads";
import { Results } from "./Results";
import classes from "./Simulations.module.css";
import { simulationTitle } from "./SimulationsView";
import { type Drawn, drawn } from "./series";

interface Props {
  state: ProjectState;
  scheme: string;
  id: string;
}

/** What came out of a simulation, and what to conclude from it. */
export function SimulationView({ state, scheme, id }: Props) {
  const { slug, role } = state.project;
  const report = useQuery(simulationQuery(slug, id));
  const back = (
    <p className={classes.back}>
      <Link to="/projects/$slug/learning/$scheme/simulations" params={{ slug, scheme }}>
        {t("All simulations")}
      </Link>
    </p>
  );
  return (
    <>
      {back}
      {report.isPending && <Skeleton lines={6} />}
      {report.error && <NotYet slug={slug} id={id} error={report.error} />}
      {report.data && (
        <Report
          key={id}
          state={state}
          scheme={scheme}
          report={report.data}
          manager={role === "manager"}
        />
      )}
    </>
  );
}

/** Where there is no report, the job that makes it may be under way. */
function NotYet({ slug, id, error }: { slug: string; id: string; error: unknown }) {
  const jobs = useInfiniteQuery(projectJobsQuery(slug, []));
  const job = jobs.data?.pages.flatMap(({ items }) => items).find((each) => each.id === id);
  if (toProblem(error).status !== 404 || job === undefined) return <Notice error={error} />;
  return <JobCard job={job} stoppable={false} />;
}

interface ReportProps {
  state: ProjectState;
  scheme: string;
  report: SimulationReport;
  manager: boolean;
}

function Report({ state, scheme, report, manager }: ReportProps) {
  const components = useQuery(componentsQuery).data ?? [];
  const strategies = drawn(report, components);
  // The sentence names strategies as the charts do.
  const named = strategies.map(({ title, result }) => ({ ...result, title }));
  const [main, ...rest] = conclusion({ ...report, strategies: named });
  return (
    <article className={classes.report}>
      <header>
        <h2 className={classes.title}>{simulationTitle(report)}</h2>
        <p className={classes.facts}>
          {facts(report, titleOf("model", report.model, { components }))}
        </p>
      </header>
      <div className={classes.conclusion}>
        <p className={classes.lead}>{main}</p>
        {rest.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {report.notes.map((note) => (
          <p key={note} className={classes.soft}>
            {told(note)}
          </p>
        ))}
      </div>
      <Curves report={report} strategies={strategies} />
      <Gains report={report} strategies={strategies} />
      <Target report={report} strategies={strategies} />
      <Results state={state} report={report} strategies={strategies} manager={manager} />
      <Downloads slug={state.project.slug} scheme={scheme} report={report} manager={manager} />
    </article>
  );
}

function facts(report: SimulationReport, model: string): string {
  const { scheme, features, n_rows, n_test, seeds, start, batch, rounds, created_at } = report;
  return apart([
    t("{{scheme}}, {{count}} labelled texts, {{test}} of them to test on", {
      scheme,
      count: n_rows,
      test: n_test,
    }),
    t("{{model}} on {{features}}", { model, features: features.join(", ") }),
    t("{{start}} random labels, then {{rounds}} times {{batch}}", { start, rounds, batch }),
    t("{{count}} seeds", { count: seeds }),
    moment(created_at),
  ]);
}

/** Whole percents where they are. */
function tick(share: number): string {
  return score(share).replace(/[.,]0(?=\s?%)/, "");
}

interface PartProps {
  report: SimulationReport;
  strategies: readonly Drawn[];
}

function Curves({ report, strategies }: PartProps) {
  const { metric, whole, target } = report;
  const name = metricName(metric);
  const best =
    whole.value === null
      ? []
      : [{ y: whole.value, name: t("with all labels {{score}}", { score: score(whole.value) }) }];
  const goal =
    target === null ? [] : [{ y: target, name: t("target {{score}}", { score: score(target) }) }];
  return (
    <section className={classes.card} aria-labelledby="curves">
      <h3 id="curves">{t("Learning curves")}</h3>
      <p className={classes.soft}>
        {t(
          "Mean {{metric}} on texts held back, over the seeds. Bands are 95 % intervals; point at a name to see one’s own.",
          { metric: name },
        )}
      </p>
      <LineChart
        label={t("Learning curves: {{metric}} by number of labels", { metric: name })}
        height={380}
        xName={t("labelled texts")}
        showY={score}
        showTick={tick}
        thresholds={[...goal, ...best]}
        series={strategies.map(({ key, title, color, dash, emphasis, result }) => ({
          key,
          name: title,
          color,
          dash,
          emphasis,
          points: result.points.map(({ n, mean, low, high }) => ({
            ...{ x: n, y: mean, low },
            high: high == null ? high : atMost(high),
          })),
        }))}
      />
    </section>
  );
}

function Gains({ report, strategies }: PartProps) {
  const rows = strategies.flatMap(({ key, title, color, result }) =>
    result.gain?.value == null
      ? []
      : [
          {
            ...{ key, name: title, color, ...result.gain, value: result.gain.value },
            shown: gainWords(result.gain),
          },
        ],
  );
  rows.sort((a, b) => b.value - a.value);
  if (rows.length === 0) return null;
  return (
    <section className={classes.card} aria-labelledby="gains">
      <h3 id="gains">{t("Gain over random")}</h3>
      <p className={classes.soft}>
        {t(
          "How much more {{metric}} on average along the way, seed by seed. An interval that crosses the dashed line could be chance.",
          { metric: metricName(report.metric) },
        )}
      </p>
      <Intervals label={t("Gain over random")} rows={rows} reference={0} />
    </section>
  );
}

function Target({ report, strategies }: PartProps) {
  const { target, seeds, metric } = report;
  if (target === null) return null;
  const rows = strategies.flatMap(({ key, title, color, result }) => {
    const needed = result.labels_for_target;
    if (needed?.value == null) return [];
    const shown =
      result.reached === seeds
        ? labelsWords(needed)
        : t("{{labels}}, {{reached}} of {{seeds}} seeds only", {
            labels: labelsWords(needed),
            reached: result.reached,
            seeds,
          });
    return [{ key, name: title, color, ...needed, value: needed.value, shown }];
  });
  rows.sort((a, b) => a.value - b.value);
  const none = strategies.filter(({ result }) => result.labels_for_target === null);
  return (
    <section className={classes.card} aria-labelledby="target">
      <h3 id="target">
        {t("Labels needed for {{score}} of {{metric}}", {
          score: score(target),
          metric: metricName(metric),
        })}
      </h3>
      {rows.length > 0 && <Intervals label={t("Labels needed for the target")} rows={rows} />}
      {none.length > 0 && (
        <p className={classes.soft}>
          {t("Not reached: {{strategies}}.", {
            strategies: listed(none.map(({ title }) => small(title))),
          })}
        </p>
      )}
    </section>
  );
}
