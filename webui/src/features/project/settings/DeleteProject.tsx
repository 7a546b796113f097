import { Checkbox } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ProjectState } from "@/api/schema";
import { DeleteByName } from "@/shared/ui/DeleteByName";
import { t } from "@/shared/words/translate";
import { deleteProject } from "./api";
import classes from "./Settings.module.css";

/** Deletes a project with everything in it. */
export function DeleteProject({ state }: { state: ProjectState }) {
  const { project, schemes, models } = state;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [atOnce, setAtOnce] = useState(false);
  const deleting = useMutation({
    mutationFn: () => deleteProject(project.slug, atOnce),
    onSuccess: async () => {
      await navigate({ to: "/" });
      client.removeQueries({ queryKey: ["project", project.slug] });
      await client.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  return (
    <section aria-label={t("Delete the project")} className={classes.section}>
      <DeleteByName
        name={project.name}
        title={t("Delete this project…")}
        canReturn={!atOnce}
        pending={deleting.isPending}
        error={deleting.error}
        onDelete={() => deleting.mutate()}
      >
        <p>
          {t(
            "{{texts}} texts, {{schemes}} schemes with their annotations and {{models}} models are deleted for everybody.",
            {
              texts: project.n_rows,
              schemes: schemes.length,
              models: models.length,
            },
          )}
        </p>
        <p>
          {atOnce
            ? t("This cannot be undone. Export the annotations first, if they may be needed.")
            : t("Its managers can restore it for some days, from the list of projects.")}
        </p>
        <Checkbox
          label={t("Leave nothing of it, and no way back")}
          checked={atOnce}
          onChange={(event) => setAtOnce(event.currentTarget.checked)}
        />
      </DeleteByName>
    </section>
  );
}
