import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JobView, ProjectState, SchemeInfo } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { useJobTitle } from "@/shared/jobs/useJobTitle";
import { percent } from "@/shared/words/number";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { agreementQuery, latestQuery } from "../api";
import { schemeAtWork } from "./nextStep";
import classes from "./Overview.module.css";
import { agreementSentence, bestModel, historySentence, modelSentence } from "./words";

const SHOWN_JOBS = 3;

/** Where a project stands: agreement, the best model, what is computing, what was done last. */
export function Standing({ state }: { state: ProjectState }) {
  const { project, schemes, models, jobs } = state;
  const scheme = schemeAtWork(schemes);
  if (scheme === null) return null;
  const best = bestModel(models.filter((model) => model.scheme === scheme.name));
  const manager = project.role === "manager";
  return (
    <section className={classes.standing} aria-label={t("Where it stands")}>
      <dl>
        {manager && <Agreement slug={project.slug} scheme={scheme.name} />}
        {best !== null && (
          <div>
            <dt>{t("Best model")}</dt>
            <dd dir="auto">{modelSentence(best)}</dd>
          </div>
        )}
        {jobs.length > 0 && (
          <div>
            <dt>{t("Running")}</dt>
            <dd>
              <ul>
                {jobs.slice(0, SHOWN_JOBS).map((job) => (
                  <Running key={job.id} job={job} />
                ))}
              </ul>
              <Link to="/projects/$slug/jobs" params={{ slug: project.slug }}>
                {t("{{count}} jobs", { count: jobs.length })}
              </Link>
            </dd>
          </div>
        )}
        {project.role !== "reader" && (
          <Latest slug={project.slug} scheme={scheme} everybody={manager} />
        )}
      </dl>
    </section>
  );
}

function Agreement({ slug, scheme }: { slug: string; scheme: string }) {
  const agreement = useQuery(agreementQuery(slug, scheme));
  const sentence = agreement.data === undefined ? null : agreementSentence(agreement.data);
  if (sentence === null) return null;
  return (
    <div>
      <dt>{t("Agreement")}</dt>
      <dd>
        {sentence}{" "}
        <Link to="/projects/$slug/agreement" params={{ slug }} search={{ scheme, show: "figures" }}>
          {t("More on it")}
        </Link>
      </dd>
    </div>
  );
}

function Running({ job }: { job: JobView }) {
  const { title, subject } = useJobTitle(job);
  return (
    <li dir="auto">
      {title} {subject}
      {job.progress !== null && `, ${percent(job.progress)}`}
    </li>
  );
}

interface LatestProps {
  slug: string;
  scheme: SchemeInfo;
  everybody: boolean;
}

function Latest({ slug, scheme, everybody }: LatestProps) {
  const latest = useQuery(latestQuery(slug, scheme.name, everybody));
  const now = useServerNow(30_000);
  if (latest.data === undefined || latest.data.length === 0) return null;
  return (
    <div>
      <dt>{everybody ? t("Done last") : t("What you did last")}</dt>
      <dd>
        <ul className={classes.latest}>
          {latest.data.map((entry) => (
            <li key={entry.seq}>
              <span dir="auto">{historySentence(entry)}</span>
              {entry.text !== null && (
                <q dir="auto" title={entry.text}>
                  {entry.text}
                </q>
              )}
              <time dateTime={entry.created_at}>{ago(entry.created_at, now)}</time>
            </li>
          ))}
        </ul>
      </dd>
    </div>
  );
}
