import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ProjectState, TaskInfo, TaskPatch } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { moment } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { changeTask, deleteTask, tasksQuery } from "./api";
import { TaskForm } from "./TaskForm";
import { TaskPeople } from "./TaskPeople";
import classes from "./Team.module.css";
import { dealWords, taskWords } from "./words";

/** Who codes which texts: the tasks of each scheme. */
export function Tasks({ state }: { state: ProjectState }) {
  const { project, schemes } = state;
  const [making, setMaking] = useState(false);
  return (
    <section aria-labelledby="tasks" className={classes.section}>
      <div className={classes.head}>
        <h2 id="tasks">{t("Tasks")}</h2>
        {!making && schemes.length > 0 && (
          <Button variant="default" onClick={() => setMaking(true)}>
            {t("Give out texts")}
          </Button>
        )}
      </div>
      <p>
        {t(
          "A task gives named people their texts, which come to them before anything else. With an overlap, how well they agree can be told.",
        )}
      </p>
      {schemes.length === 0 && (
        <p>
          {t("There is nothing to code by yet.")}{" "}
          <Link to="/projects/$slug" params={{ slug: project.slug }}>
            {t("Make a scheme first.")}
          </Link>
        </p>
      )}
      {making && <TaskForm state={state} onClose={() => setMaking(false)} />}
      {schemes.map(({ name }) => (
        <SchemeTasks key={name} slug={project.slug} scheme={name} />
      ))}
    </section>
  );
}

function SchemeTasks({ slug, scheme }: { slug: string; scheme: string }) {
  const tasks = useQuery(tasksQuery(slug, scheme));
  if (tasks.error) return <Notice error={tasks.error} />;
  if (tasks.isPending) return <Skeleton />;
  return (
    <ul className={classes.list} aria-label={t("Tasks of {{scheme}}", { scheme })}>
      {tasks.data.map((task) => (
        <Task key={task.id} slug={slug} scheme={scheme} task={task} />
      ))}
    </ul>
  );
}

interface TaskProps {
  slug: string;
  scheme: string;
  task: TaskInfo;
}

function Task({ slug, scheme, task }: TaskProps) {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [sure, setSure] = useState(false);
  const again = () => client.invalidateQueries({ queryKey: tasksQuery(slug, scheme).queryKey });
  const changing = useMutation({
    mutationFn: (patch: TaskPatch) => changeTask(slug, scheme, task.id, patch),
    onSettled: again,
  });
  const deleting = useMutation({
    mutationFn: () => deleteTask(slug, scheme, task.id),
    onSettled: again,
  });
  const { name, assigned, coded, deadline, closed_at, blind } = task;
  const error = changing.error ?? deleting.error;
  const done = assigned === 0 ? 0 : coded / assigned;
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <h3 dir="auto">{name}</h3>
        <span className={classes.kind}>
          {scheme}
          {blind && `, ${t("coded blind")}`}
        </span>
        <div
          className={classes.bar}
          role="progressbar"
          aria-label={t("Coded of {{name}}", { name })}
          aria-valuenow={Math.round(done * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <div style={{ width: `${done * 100}%` }} />
        </div>
        <p>
          {taskWords(task)} {dealWords(task)}.{" "}
          {deadline != null && t("Due {{when}}.", { when: moment(deadline) })}
        </p>
        {error && <Notice error={error} />}
        {open && <TaskPeople slug={slug} scheme={scheme} task={task} />}
      </div>
      <div className={classes.tools}>
        <Button
          size="compact-sm"
          variant="default"
          aria-expanded={open}
          aria-label={t("People of {{name}}", { name })}
          onClick={() => setOpen(!open)}
        >
          {t("People")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={
            closed_at === null ? t("Close {{name}}", { name }) : t("Open again {{name}}", { name })
          }
          loading={changing.isPending}
          onClick={() => changing.mutate({ closed: closed_at === null, add_people: [] })}
        >
          {closed_at === null ? t("Close") : t("Open again")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          {...(sure ? { c: "var(--bad)" } : {})}
          aria-label={
            sure
              ? t("Really? What was coded stays. Delete {{name}}", { name })
              : t("Delete the task {{name}}", { name })
          }
          onBlur={() => setSure(false)}
          onClick={() => (sure ? deleting.mutate() : setSure(true))}
        >
          {sure ? t("Really? What was coded stays.") : t("Delete")}
        </Button>
      </div>
    </li>
  );
}
