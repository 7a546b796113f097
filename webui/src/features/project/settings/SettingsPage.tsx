import type { ProjectState } from "@/api/schema";
import { useMode } from "@/shared/form/mode";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { mayContribute } from "@/shared/project/roles";
import { t } from "@/shared/words/translate";
import { AddTexts } from "./AddTexts";
import { ArchiveProject } from "./ArchiveProject";
import { CopyProject } from "./CopyProject";
import { DeleteProject } from "./DeleteProject";
import { DetailsForm } from "./DetailsForm";
import { ExportForm } from "./ExportForm";
import { Webhooks } from "./Webhooks";

/** What is set for a project as a whole, and what is taken out of it and put in. */
export function SettingsPage({ slug }: { slug: string }) {
  return <ProjectFrame slug={slug}>{(state) => <Settings state={state} />}</ProjectFrame>;
}

function Settings({ state }: { state: ProjectState }) {
  const { project } = state;
  const manager = project.role === "manager";
  const [mode] = useMode();
  return (
    <>
      <h1>{t("Settings")}</h1>
      {manager && <DetailsForm project={project} />}
      <ExportForm state={state} />
      {mayContribute(project) && <AddTexts project={project} />}
      {manager && mode !== "easy" && <Webhooks slug={project.slug} />}
      {manager && <CopyProject state={state} />}
      {manager && <ArchiveProject project={project} />}
      {manager && <DeleteProject state={state} />}
    </>
  );
}
