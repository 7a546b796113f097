import { useQuery } from "@tanstack/react-query";
import type { MonitorReport } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import { ago, roughTime } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { monitorQuery } from "./api";
import { Cards } from "./Cards";
import { Errors } from "./Errors";
import { Machine } from "./Machine";
import classes from "./Monitor.module.css";
import { People } from "./People";
import { Work } from "./Work";
import { energySentence, healthSentence } from "./words";

/** The state of the service, for whoever runs it. */
export function MonitorPage() {
  const report = useQuery(monitorQuery);
  return (
    <>
      <TopBar path={<span>{t("Monitor")}</span>} />
      <Page>
        <h1>{t("Monitor")}</h1>
        {report.error && <Notice error={report.error} />}
        {report.isPending && <Skeleton lines={8} />}
        {report.data && <Report report={report.data} />}
      </Page>
    </>
  );
}

function Report({ report }: { report: MonitorReport }) {
  const now = Date.parse(report.made_at);
  const present = useServerNow(5_000);
  const { health, server, energy } = report;
  return (
    <div className={classes.report}>
      <div className={classes.health} data-status={health.status}>
        <p className={classes.sentence}>{healthSentence(report)}</p>
        {health.problems.length > 0 && (
          <ul>
            {health.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
        <p className={classes.soft}>
          {t(
            "Kodkod {{version}} on {{host}}, up for {{time}}, {{count}} pages listening. This is how it was {{when}}.",
            {
              version: server.version,
              host: report.host.name,
              time: roughTime(server.uptime_seconds),
              count: server.listeners,
              when: ago(report.made_at, present),
            },
          )}
        </p>
      </div>
      <Work report={report} now={now} />
      <Cards cards={report.cards} />
      <Machine report={report} now={now} />
      <Errors report={report} now={now} />
      <People report={report} now={now} />
      <section aria-labelledby="energy">
        <h2 id="energy">{t("Energy")}</h2>
        <dl className={classes.facts}>
          <dt>{t("Today (UTC)")}</dt>
          <dd>{energySentence(energy.today)}</dd>
          <dt>{t("Last 7 days")}</dt>
          <dd>{energySentence(energy.week)}</dd>
          <dt>{t("Altogether")}</dt>
          <dd>{energySentence(energy.all)}</dd>
        </dl>
      </section>
    </div>
  );
}
