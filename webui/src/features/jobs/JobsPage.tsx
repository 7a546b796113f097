import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { t } from "@/shared/words/translate";
import { Budget } from "./Budget";
import { Energy } from "./Energy";
import { JobList } from "./JobList";
import classes from "./JobsPage.module.css";

/** What was computed in a project, and what that took. */
export function JobsPage({ slug }: { slug: string }) {
  return (
    <ProjectFrame slug={slug}>
      {({ project }) => (
        <>
          <h1>{t("Jobs and energy")}</h1>
          <div className={classes.parts}>
            <Energy slug={slug} />
            <Budget project={project} />
            <JobList project={project} />
          </div>
        </>
      )}
    </ProjectFrame>
  );
}
