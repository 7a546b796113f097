import { useQuery } from "@tanstack/react-query";
import type { ProjectState } from "@/api/schema";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { t } from "@/shared/words/translate";
import { labellingsQuery } from "./api";
import { CompareTwo } from "./judging/CompareTwo";
import { Labellings } from "./Labellings";
import classes from "./Llm.module.css";
import { Prompts } from "./Prompts";
import { Secrets } from "./Secrets";

/** Language models that code: their prompts, what they were asked, and the keys they need. */
export function LlmPage({ slug }: { slug: string }) {
  return (
    <ProjectFrame slug={slug}>
      {(state) => (
        <>
          <h1>{t("Language models")}</h1>
          <p className={classes.about}>
            {t(
              "A model codes by the same scheme as people do and stays an annotator of its own: its answers are judged by what people say, and count as annotations only once you promote them.",
            )}
          </p>
          <Labellings state={state} />
          <Comparisons state={state} />
          <Prompts state={state} />
          {state.project.role === "manager" && <Secrets slug={slug} />}
        </>
      )}
    </ProjectFrame>
  );
}

function Comparisons({ state }: { state: ProjectState }) {
  const labellings = useQuery(labellingsQuery(state.project.slug));
  return <CompareTwo state={state} labellings={labellings.data ?? []} />;
}

/** Whether somebody may make what computes. */
export function mayBuild({ project }: ProjectState): boolean {
  return project.role === "manager" || project.role === "contributor";
}
