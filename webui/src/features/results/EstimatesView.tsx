import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { JobView, ProjectState, SchemeInfo } from "@/api/schema";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { componentsQuery, modelsQuery } from "@/shared/artefacts/api";
import { useServerNow } from "@/shared/clock";
import { LiveJobs } from "@/shared/jobs/LiveJobs";
import { mayContribute } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { ago } from "@/shared/words/time";
import { t, told } from "@/shared/words/translate";
import { AnswerView } from "./AnswerView";
import { answerOf, askedBy } from "./answer";
import { estimateJobQuery, estimatesQuery, samplesQuery } from "./api";
import { EstimateForm } from "./EstimateForm";
import classes from "./Results.module.css";
import type { ResultsSearch } from "./search";
import { drawnParts, estimatorTitle, figureWords, questionWords, rowTitle } from "./words";

interface Props {
  state: ProjectState;
  scheme: SchemeInfo;
  search: ResultsSearch;
}

/** A scheme's estimates: the one that is read, a form for another, and all that were made. */
export function EstimatesView({ state, scheme, search }: Props) {
  const { slug } = state.project;
  const may = mayContribute(state.project);
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const samples = useQuery(samplesQuery(slug));
  const models = useQuery(modelsQuery(slug));
  const components = useQuery(componentsQuery);
  const estimates = useInfiniteQuery(estimatesQuery(slug));
  const jobs = (estimates.data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter(({ params }) => params.scheme_id === scheme.id);
  const read = search.estimate ?? jobs.find(({ state: how }) => how === "done")?.id;
  const ready = samples.data && models.data && components.data;
  useActionKeys(
    may
      ? [
          {
            id: "results.ask",
            title: t("Estimate something"),
            section: t("Results"),
            keys: ["e"],
            disabled: asking || !ready,
            run: () => setAsking(true),
          },
        ]
      : [],
  );
  const error = estimates.error ?? samples.error ?? models.error ?? components.error;
  return (
    <>
      <div className={classes.head}>
        <p className={classes.about}>
          {t(
            "Counting what a model says gives figures that may be far off. Labels by people, of texts that were drawn by chance, correct them and say how sure they are.",
          )}
        </p>
        {may && !asking && (
          <Button
            onClick={() => setAsking(true)}
            disabled={!ready}
            aria-keyshortcuts="e"
            variant={jobs.length === 0 ? "filled" : "default"}
          >
            {t("Estimate something")}
          </Button>
        )}
      </div>
      {asking && ready && (
        <EstimateForm
          state={state}
          scheme={scheme}
          samples={ready && samples.data}
          models={models.data}
          components={components.data}
          onCancel={() => setAsking(false)}
          onStarted={(job) => {
            setAsking(false);
            void navigate({
              to: "/projects/$slug/results",
              params: { slug },
              search: { scheme: scheme.name, estimate: job.id },
            });
          }}
        />
      )}
      {error && <Notice error={error} />}
      {estimates.isPending && !error && <Skeleton lines={5} />}
      <LiveJobs
        slug={slug}
        manager={state.project.role === "manager"}
        only={({ kind, params }) => kind === "estimate" && params.scheme_id === scheme.id}
      />
      {read !== undefined && <Read key={read} slug={slug} scheme={scheme} job={read} />}
      {estimates.data && read === undefined && !asking && (
        <Beginning state={state} scheme={scheme} drawn={(samples.data ?? []).length} />
      )}
      {jobs.length > 0 && (
        <section className={classes.section} aria-labelledby="all-estimates">
          <h2 id="all-estimates">{t("All estimates")}</h2>
          <ul className={`${classes.list} ${classes.below}`}>
            {jobs.map((job) => (
              <Line key={job.id} slug={slug} scheme={scheme} job={job} read={job.id === read} />
            ))}
          </ul>
        </section>
      )}
      {estimates.hasNextPage && (
        <Button
          variant="default"
          loading={estimates.isFetchingNextPage}
          onClick={() => void estimates.fetchNextPage()}
        >
          {t("Older estimates")}
        </Button>
      )}
    </>
  );
}

interface ReadProps {
  slug: string;
  scheme: SchemeInfo;
  job: string;
}

/** The estimate that the address names, or the newest. */
function Read({ slug, scheme, job }: ReadProps) {
  const found = useQuery(estimateJobQuery(slug, job));
  if (found.error) return <Notice error={found.error} />;
  if (found.data === undefined) return <Skeleton lines={5} />;
  const answer = answerOf(found.data);
  if (answer !== null) {
    return <AnswerView slug={slug} scheme={scheme} job={found.data} answer={answer} />;
  }
  if (found.data.state === "failed") return <Failed slug={slug} scheme={scheme} job={found.data} />;
  if (found.data.state === "cancelled") return <p>{t("This estimate was stopped.")}</p>;
  return <p role="status">{t("The estimate is being made…")}</p>;
}

/** Why there is no figure, in the server's words, and where to go. */
function Failed({ slug, scheme, job }: { slug: string; scheme: SchemeInfo; job: JobView }) {
  return (
    <section className={classes.section} aria-label={t("This estimate")}>
      <p className={classes.question}>{questionWords(askedBy(job))}</p>
      <Notice error={new Error(told(job.error ?? ""))}>
        <Link
          to="/projects/$slug/results"
          params={{ slug }}
          search={{ scheme: scheme.name, show: "samples" }}
        >
          {t("Samples and how far they are coded")}
        </Link>
      </Notice>
    </section>
  );
}

interface BeginningProps {
  state: ProjectState;
  scheme: SchemeInfo;
  drawn: number;
}

/** What is needed for a first estimate, each with the way there. */
function Beginning({ state, scheme, drawn }: BeginningProps) {
  const { slug } = state.project;
  const predicted = state.models.some(
    (model) => model.scheme === scheme.name && model.predicted_rows !== null,
  );
  return (
    <section className={classes.empty}>
      <h2>{t("Nothing was estimated yet")}</h2>
      <ol className={classes.steps}>
        <li data-done={drawn > 0 || undefined}>
          <Link
            to="/projects/$slug/results"
            params={{ slug }}
            search={{ scheme: scheme.name, show: "samples" }}
          >
            {t("Draw a sample of the texts, and code it")}
          </Link>
          <p>
            {drawn > 0
              ? t("{{count}} samples are drawn.", { count: drawn })
              : t("Some hundred texts that chance has chosen; what a guide chose cannot be used.")}
          </p>
        </li>
        <li data-done={predicted || undefined}>
          <Link to="/projects/$slug" params={{ slug }}>
            {t("Let a model predict the complete corpus")}
          </Link>
          <p>
            {predicted
              ? t("A model has.")
              : t(
                  "A model or a language model makes intervals narrower. Without one, people's labels alone are estimated from.",
                )}
          </p>
        </li>
        <li>
          <strong>{t("Estimate something")}</strong>
        </li>
      </ol>
    </section>
  );
}

interface LineProps {
  slug: string;
  scheme: SchemeInfo;
  job: JobView;
  read: boolean;
}

function Line({ slug, scheme, job, read }: LineProps) {
  const now = useServerNow(60_000);
  const components = useQuery(componentsQuery).data ?? [];
  const answer = answerOf(job);
  const asked = askedBy(job);
  const facts = [
    estimatorTitle(asked.estimator, components),
    ...(answer?.model_name ? [answer.model_name] : []),
    ...(answer?.sample_name ? [answer.sample_name] : []),
    job.user,
    ago(job.finished_at ?? job.created_at, now),
  ];
  const first = answer === null ? undefined : (drawnParts(answer)[0]?.rows[0] ?? answer.rows[0]);
  return (
    <li className={classes.line} data-read={read || undefined}>
      <div className={classes.what}>
        <h3>
          <Link
            to="/projects/$slug/results"
            params={{ slug }}
            search={{ scheme: scheme.name, estimate: job.id }}
            aria-current={read ? "true" : undefined}
            dir="auto"
          >
            {questionWords(asked)}
          </Link>
        </h3>
        <p>
          {facts.map((fact) => (
            <bdi key={fact}>{fact}</bdi>
          ))}
        </p>
      </div>
      <p className={classes.short} dir="auto">
        {answer !== null && first !== undefined
          ? t("{{name}}: {{value}}", {
              name: rowTitle(answer, first),
              value: figureWords(answer, first.estimate),
            })
          : t("no figure")}
      </p>
    </li>
  );
}
