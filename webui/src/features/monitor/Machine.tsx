import type { MonitorReport } from "@/api/schema";
import { figure, percent, roughly } from "@/shared/words/number";
import { megabytes } from "@/shared/words/size";
import { ago, roughTime } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { Meter } from "./Meter";
import classes from "./Monitor.module.css";
import { Table } from "./Table";

interface Props {
  report: MonitorReport;
  now: number;
}

/** The machine that the server runs on: its processors, memory and disks, and what fills them. */
export function Machine({ report, now }: Props) {
  const { host, server, disks } = report;
  const used = host.memory_total_mb - host.memory_available_mb;
  return (
    <section aria-labelledby="machine">
      <h2 id="machine">{t("This machine")}</h2>
      <div className={classes.meters}>
        <Meter
          name={t("Processors")}
          share={host.cpu}
          shown={
            host.cpu === null
              ? t("{{count}} cores, load {{load}}", {
                  count: host.cores,
                  load: roughly(host.load_1m),
                })
              : t("{{share}} of {{count}} cores, load {{load}}", {
                  share: percent(host.cpu),
                  count: host.cores,
                  load: roughly(host.load_1m),
                })
          }
          high={2}
        />
        <Meter
          name={t("Memory")}
          share={host.memory_total_mb === 0 ? null : used / host.memory_total_mb}
          shown={t("{{part}} of {{whole}}; the server {{server}}", {
            part: megabytes(used),
            whole: megabytes(host.memory_total_mb),
            server: megabytes(server.memory_mb),
          })}
        />
        {disks.map(({ holds, path, total_mb, free_mb }) => (
          <Meter
            key={holds}
            name={t("Disk of the {{holds}}", { holds })}
            share={total_mb === 0 ? null : (total_mb - free_mb) / total_mb}
            shown={t("{{free}} of {{whole}} free", {
              free: megabytes(free_mb),
              whole: megabytes(total_mb),
            })}
            title={path}
          />
        ))}
      </div>
      <Stored stored={report.stored} now={now} />
      <h3>{t("Projects in memory")}</h3>
      <Table
        label={t("Projects in memory")}
        columns={[
          t("Project"),
          `#${t("Texts")}`,
          `#${t("Schemes")}`,
          `#${t("Memory")}`,
          t("Idle for"),
        ]}
        none={t("None; one is loaded when somebody opens it.")}
        rows={report.projects.map((project) => ({
          key: project.slug,
          cells: [
            project.slug,
            figure(project.rows),
            project.schemes,
            megabytes(project.memory_mb),
            roughTime(project.idle_seconds),
          ],
        }))}
      />
    </section>
  );
}

function Stored({ stored, now }: { stored: MonitorReport["stored"]; now: number }) {
  const parts = [
    [t("projects"), stored.projects_mb],
    [t("models"), stored.models_mb],
    [t("database"), stored.database_mb],
    [t("queue"), stored.queue_mb],
  ] as const;
  const known = parts.flatMap(([name, mb]) => (mb == null ? [] : [`${name} ${megabytes(mb)}`]));
  if (known.length === 0) {
    return <p className={classes.soft}>{t("What is stored is being counted.")}</p>;
  }
  const told = known.join(", ");
  return (
    <p className={classes.soft}>
      {stored.counted_at == null
        ? t("Stored: {{parts}}.", { parts: told })
        : t("Stored: {{parts}}, counted {{when}}.", {
            parts: told,
            when: ago(stored.counted_at, now),
          })}
    </p>
  );
}
