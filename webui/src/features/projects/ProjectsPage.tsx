import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { ProjectInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import { projectsQuery } from "./api";
import classes from "./ProjectsPage.module.css";

const NewProjectDialog = lazy(async () => ({
  default: (await import("./NewProjectDialog")).NewProjectDialog,
}));

/** All projects that the user may see. */
export function ProjectsPage() {
  const projects = useQuery(projectsQuery);
  const [making, setMaking] = useState(false);
  return (
    <>
      <TopBar />
      <Page>
        <div className={classes.head}>
          <h1>Projects</h1>
          <Button onClick={() => setMaking(true)}>New project</Button>
        </div>
        {projects.error && <Notice error={projects.error} />}
        {projects.isPending && <Skeleton />}
        {projects.data?.length === 0 && (
          <p className={classes.none}>
            No project yet. A project begins with a file of texts: CSV, TSV, XLSX, Parquet or JSONL,
            one text a row.
          </p>
        )}
        <ul className={classes.list}>
          {projects.data?.map((project) => (
            <ProjectLine key={project.slug} project={project} />
          ))}
        </ul>
      </Page>
      <Suspense fallback={null}>
        {making && <NewProjectDialog onClose={() => setMaking(false)} />}
      </Suspense>
    </>
  );
}

const number = new Intl.NumberFormat("en");
const date = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

function ProjectLine({ project }: { project: ProjectInfo }) {
  const { train, valid, test } = project.splits;
  const kept = valid + test;
  return (
    <li>
      <Link to="/projects/$slug" params={{ slug: project.slug }} className={classes.project}>
        <span className={classes.name}>{project.name}</span>
        <span className={classes.facts}>
          {number.format(project.n_rows)} texts
          {kept > 0 && `, ${number.format(train)} to code and ${number.format(kept)} kept to test`}
        </span>
        <span className={classes.facts}>
          {project.created_by}, {date.format(new Date(project.created_at))}
        </span>
      </Link>
    </li>
  );
}
