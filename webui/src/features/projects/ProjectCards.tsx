import { TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import type { ProjectInfo, ProjectProgress } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { wattHours } from "@/shared/words/energy";
import { figure, percent } from "@/shared/words/number";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { byActivity, lastActive, MANY, matching } from "./order";
import classes from "./ProjectCards.module.css";

const SHOWN_SCHEMES = 3;

/** Projects as cards, the one in which something happened last first. */
export function ProjectCards({ projects }: { projects: readonly ProjectInfo[] }) {
  const [typed, setTyped] = useState("");
  const wanted = useDeferredValue(typed);
  const now = useServerNow(60_000);
  const sorted = useMemo(() => byActivity(projects), [projects]);
  const found = useMemo(() => matching(sorted, wanted), [sorted, wanted]);
  return (
    <>
      {projects.length >= MANY && (
        <div className={classes.search}>
          <TextInput
            type="search"
            aria-label={t("Find a project")}
            placeholder={t("Find a project")}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <p role="status">
            {wanted.trim() !== "" &&
              t("{{n}} of {{all}} projects", { n: found.length, all: projects.length })}
          </p>
        </div>
      )}
      <ul className={classes.cards}>
        {found.map((project) => (
          <ProjectCard key={project.slug} project={project} now={now} />
        ))}
      </ul>
    </>
  );
}

function ProjectCard({ project, now }: { project: ProjectInfo; now: number }) {
  const { valid, test, train } = project.splits;
  const kept = valid + test;
  const last = lastActive(project);
  const archived = project.archived_at !== null;
  return (
    <li className={classes.card} data-archived={archived || undefined}>
      <h2>
        <Link to="/projects/$slug" params={{ slug: project.slug }} dir="auto">
          {project.name}
        </Link>
        {archived && <small>{t("archived")}</small>}
      </h2>
      <p className={classes.facts}>
        {kept > 0
          ? t("{{n}} texts, {{train}} to code and {{kept}} kept to test", {
              n: figure(project.n_rows),
              train: figure(train),
              kept: figure(kept),
            })
          : t("{{n}} texts", { n: figure(project.n_rows) })}
      </p>
      {project.progress != null && <Schemes progress={project.progress} rows={project.n_rows} />}
      <p className={classes.foot}>
        <time dateTime={last}>
          {last === project.created_at
            ? t("made {{when}} by {{who}}", { when: ago(last, now), who: project.created_by })
            : t("active {{when}}", { when: ago(last, now) })}
        </time>
        {project.progress != null && (
          <>
            <span>{t("{{count}} members", { count: project.progress.members })}</span>
            {project.progress.wh > 0 && <span>{wattHours(project.progress.wh)}</span>}
          </>
        )}
      </p>
    </li>
  );
}

function Schemes({ progress, rows }: { progress: ProjectProgress; rows: number }) {
  const more = progress.schemes.length - SHOWN_SCHEMES;
  if (progress.schemes.length === 0) {
    return <p className={classes.none}>{t("No scheme yet: nothing can be coded.")}</p>;
  }
  return (
    <ul className={classes.schemes}>
      {progress.schemes.slice(0, SHOWN_SCHEMES).map(({ scheme, coded }) => {
        const share = rows === 0 ? 0 : Math.min(1, coded / rows);
        return (
          <li key={scheme}>
            <span className={classes.scheme} dir="auto">
              {scheme}
            </span>
            <span className={classes.share}>
              {t("{{n}} coded, {{share}}", { n: coded, share: percent(share) })}
            </span>
            {/* The words beside it say the same. */}
            <span className={classes.bar} style={{ "--share": share }} aria-hidden="true" />
          </li>
        );
      })}
      {more > 0 && (
        <li className={classes.more}>{t("and {{count}} more schemes", { count: more })}</li>
      )}
    </ul>
  );
}
