import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { projectQuery } from "@/shared/project/api";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import { Budget } from "./Budget";
import { Energy } from "./Energy";
import { JobList } from "./JobList";
import classes from "./JobsPage.module.css";

/** What was computed in a project, and what that took. */
export function JobsPage({ slug }: { slug: string }) {
  const project = useQuery(projectQuery(slug));
  const path = (
    <>
      <Link to="/projects/$slug" params={{ slug }} dir="auto">
        {project.data?.name ?? slug}
      </Link>
      <span aria-hidden="true" data-repeated="true">
        ›
      </span>
      <span data-repeated="true">Jobs and energy</span>
    </>
  );
  return (
    <>
      <TopBar path={path} />
      <Page>
        <h1>Jobs and energy</h1>
        {project.error && (
          <Notice error={project.error}>
            <Link to="/">All projects</Link>
          </Notice>
        )}
        {project.isPending && <Skeleton />}
        {project.data && (
          <div className={classes.parts}>
            <Energy slug={slug} />
            <Budget project={project.data} />
            <JobList project={project.data} />
          </div>
        )}
      </Page>
    </>
  );
}
