import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ProjectInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { changeProject } from "./api";
import classes from "./Settings.module.css";

/** Lets nothing in a project change any more, or lets it change again. */
export function ArchiveProject({ project }: { project: ProjectInfo }) {
  const client = useQueryClient();
  const archived = project.archived_at !== null;
  const changing = useMutation({
    mutationFn: () => changeProject(project.slug, { archived: !archived }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", project.slug] });
      void client.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  return (
    <section aria-labelledby="archive" className={classes.section}>
      <h2 id="archive">{t("Archive")}</h2>
      <p>
        {archived
          ? t("The project is archived. Taken out again, everybody can go on where they were.")
          : t(
              "An archived project can be read and exported, and nothing in it changes until it is taken out again.",
            )}
      </p>
      {changing.error && <Notice error={changing.error} />}
      <Button variant="default" loading={changing.isPending} onClick={() => changing.mutate()}>
        {archived ? t("Take it out of the archive") : t("Archive the project")}
      </Button>
    </section>
  );
}
