import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { JobView } from "@/api/schema";
import { useStreamState } from "@/shared/events/events";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { JobCard } from "./JobCard";
import classes from "./JobsPanel.module.css";
import type { Tray } from "./trayState";

interface Props {
  tray: Tray;
  pending: boolean;
  error: unknown;
  onClose: () => void;
}

const MOST_QUEUED = 10;
const MOST_ENDED = 10;

/** What is computing for the user, and what has come of what was. */
export function JobsPanel({ tray, pending, error, onClose }: Props) {
  const { running, queued, ended } = tray;
  const none = running.length + queued.length + ended.length === 0;
  const state = useStreamState();
  const slugs = [...new Set([...running, ...queued, ...ended].map(({ project }) => project))];
  return (
    <div className={classes.panel}>
      {state === "broken" && (
        <p className={classes.broken} role="status">
          {t(
            "The server cannot be reached; this is how things stood. It is tried again by itself.",
          )}
        </p>
      )}
      {error !== null && <Notice error={error} />}
      {pending && <Skeleton />}
      {!pending && error === null && none && (
        <p className={classes.none}>
          {t(
            "Nothing computes for you. What you start, such as a feature or a model, shows here until it is done, wherever you are meanwhile.",
          )}
        </p>
      )}
      <List
        title={t("Under way")}
        jobs={[...running, ...queued]}
        most={running.length + MOST_QUEUED}
      />
      <List title={t("Ended")} jobs={ended} most={MOST_ENDED} />
      <Projects slugs={slugs.filter((slug) => slug !== null)} onClose={onClose} />
    </div>
  );
}

function List({ title, jobs, most }: { title: string; jobs: readonly JobView[]; most: number }) {
  const [all, setAll] = useState(false);
  if (jobs.length === 0) return null;
  const more = all ? 0 : jobs.length - most;
  return (
    <section className={classes.list}>
      <h2>{title}</h2>
      {(all ? jobs : jobs.slice(0, most)).map((job) => (
        <JobCard key={job.id} job={job} withProject stoppable />
      ))}
      {more > 0 && (
        <button type="button" className={classes.more} onClick={() => setAll(true)}>
          {t("Show {{count}} more", { count: more })}
        </button>
      )}
    </section>
  );
}

const MOST_PROJECTS = 3;

/** The way to everything that was ever computed in the projects at hand. */
function Projects({ slugs, onClose }: { slugs: readonly string[]; onClose: () => void }) {
  if (slugs.length === 0) return null;
  return (
    <footer className={classes.foot}>
      <span>{t("All jobs and their energy:")}</span>
      {slugs.slice(0, MOST_PROJECTS).map((slug) => (
        <Link key={slug} to="/projects/$slug/jobs" params={{ slug }} onClick={onClose}>
          {slug}
        </Link>
      ))}
    </footer>
  );
}
