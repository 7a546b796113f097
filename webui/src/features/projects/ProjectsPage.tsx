import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { projectsQuery } from "@/shared/project/list";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import { t } from "@/shared/words/translate";
import { DeletedProjects } from "./DeletedProjects";
import { ProjectCards } from "./ProjectCards";
import classes from "./ProjectsPage.module.css";

/** All projects that the user may see. */
export function ProjectsPage() {
  const projects = useQuery(projectsQuery);
  return (
    <>
      <TopBar />
      <Page>
        <div className={classes.head}>
          <h1>{t("Projects")}</h1>
          <Button component={Link} to="/import">
            {t("New project")}
          </Button>
        </div>
        {projects.error && <Notice error={projects.error} />}
        {projects.isPending && <Skeleton />}
        {projects.data?.length === 0 && (
          <p className={classes.none}>
            {t(
              "No project yet. A project begins with a file of texts: CSV, TSV, XLSX, Parquet or JSONL, one text a row.",
            )}
          </p>
        )}
        {projects.data && <ProjectCards projects={projects.data} />}
        <DeletedProjects />
      </Page>
    </>
  );
}
