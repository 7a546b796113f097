import type { MonitorReport } from "@/api/schema";
import { counted, figure, percent, roughly } from "@/shared/words/number";
import { megabytes } from "@/shared/words/size";
import { ago, roughTime } from "@/shared/words/time";
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
      <h2 id="machine">This machine</h2>
      <div className={classes.meters}>
        <Meter
          name="Processors"
          share={host.cpu}
          shown={`${host.cpu === null ? "" : `${percent(host.cpu)} of `}${counted(host.cores, "core")}, load ${roughly(host.load_1m)}`}
          high={2}
        />
        <Meter
          name="Memory"
          share={host.memory_total_mb === 0 ? null : used / host.memory_total_mb}
          shown={`${megabytes(used)} of ${megabytes(host.memory_total_mb)}; the server ${megabytes(server.memory_mb)}`}
        />
        {disks.map(({ holds, path, total_mb, free_mb }) => (
          <Meter
            key={holds}
            name={`Disk of the ${holds}`}
            share={total_mb === 0 ? null : (total_mb - free_mb) / total_mb}
            shown={`${megabytes(free_mb)} of ${megabytes(total_mb)} free`}
            title={path}
          />
        ))}
      </div>
      <Stored stored={report.stored} now={now} />
      <h3>Projects in memory</h3>
      <Table
        label="Projects in memory"
        columns={["Project", "#Texts", "#Schemes", "#Memory", "Idle for"]}
        none="None; one is loaded when somebody opens it."
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
    ["projects", stored.projects_mb],
    ["models", stored.models_mb],
    ["database", stored.database_mb],
    ["queue", stored.queue_mb],
  ] as const;
  const known = parts.flatMap(([name, mb]) => (mb == null ? [] : [`${name} ${megabytes(mb)}`]));
  if (known.length === 0) return <p className={classes.soft}>What is stored is being counted.</p>;
  const when = stored.counted_at == null ? "" : `, counted ${ago(stored.counted_at, now)}`;
  return (
    <p className={classes.soft}>
      Stored: {known.join(", ")}
      {when}.
    </p>
  );
}
