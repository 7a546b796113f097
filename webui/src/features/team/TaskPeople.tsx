import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Reassigned, TaskInfo } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { progressQuery, reassign, tasksQuery } from "./api";
import classes from "./Team.module.css";
import { personWords } from "./words";

interface Props {
  slug: string;
  scheme: string;
  task: TaskInfo;
}

/** How far each person of a task is, and what is left of whoever has stopped, for others. */
export function TaskPeople({ slug, scheme, task }: Props) {
  const client = useQueryClient();
  const now = useServerNow(60_000);
  const progress = useQuery(progressQuery(slug, scheme, task.id));
  const [moved, setMoved] = useState<Reassigned | null>(null);
  const moving = useMutation({
    mutationFn: (username: string) => reassign(slug, scheme, task.id, username, []),
    onSuccess: setMoved,
    onSettled: () => client.invalidateQueries({ queryKey: tasksQuery(slug, scheme).queryKey }),
  });
  const error = progress.error ?? moving.error;
  const others = (progress.data?.people.length ?? 0) > 1;
  return (
    <div>
      {error && <Notice error={error} />}
      {progress.isPending && <Skeleton />}
      {moved !== null && (
        <p role="status">
          {t("{{count}} texts went to others.", { count: moved.moved })}{" "}
          {moved.kept > 0 &&
            t("{{count}} stay: everybody else has them already.", { count: moved.kept })}
        </p>
      )}
      {progress.data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className={classes.scroll} tabIndex={0} aria-label={task.name}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t("Who")}</th>
                <th scope="col" className={classes.number}>
                  {t("Coded")}
                </th>
                <th scope="col" className={classes.number}>
                  {t("Left")}
                </th>
                <th scope="col">{t("Last seen")}</th>
                <th scope="col">{t("State")}</th>
                <th scope="col">
                  <span className={classes.kind}>{t("What can be done")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {progress.data.people.map((person) => (
                <tr key={person.username}>
                  <th scope="row" dir="auto">
                    {person.username}
                  </th>
                  <td className={classes.number}>{person.coded}</td>
                  <td className={classes.number}>{person.left}</td>
                  <td>{person.last_at == null ? t("never") : ago(person.last_at, now)}</td>
                  <td>{personWords(person)}</td>
                  <td>
                    {person.left > 0 && others && (
                      <Button
                        size="compact-xs"
                        variant="default"
                        loading={moving.isPending && moving.variables === person.username}
                        onClick={() => moving.mutate(person.username)}
                      >
                        {t("Give the rest of {{name}} to the others", { name: person.username })}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}
