import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ProjectInfo } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { Notice } from "@/shared/ui/Notice";
import { moment } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { deletedQuery, restoreProject } from "./api";
import classes from "./ProjectsPage.module.css";

/** Projects that were deleted and can still be restored. */
export function DeletedProjects() {
  const deleted = useQuery(deletedQuery);
  const now = useServerNow(60_000);
  const there = (deleted.data ?? []).filter(
    ({ gone_at }) => new Date(gone_at ?? 0) > new Date(now),
  );
  if (there.length === 0) return null;
  return (
    <section aria-labelledby="deleted" className={classes.deleted}>
      <h2 id="deleted">{t("Deleted")}</h2>
      <ul>
        {there.map((project) => (
          <Line key={project.slug} project={project} />
        ))}
      </ul>
    </section>
  );
}

function Line({ project }: { project: ProjectInfo }) {
  const client = useQueryClient();
  const restoring = useMutation({
    mutationFn: () => restoreProject(project.slug),
    onSettled: () => client.invalidateQueries({ queryKey: ["projects"] }),
  });
  return (
    <li>
      <span dir="auto">{project.name}</span>
      <span className={classes.facts}>
        {t("gone for good {{when}}", { when: moment(project.gone_at ?? "") })}
      </span>
      <Button
        size="xs"
        variant="default"
        aria-label={t("Restore {{name}}", { name: project.name })}
        loading={restoring.isPending}
        onClick={() => restoring.mutate()}
      >
        {t("Restore")}
      </Button>
      {restoring.error && <Notice error={restoring.error} />}
    </li>
  );
}
