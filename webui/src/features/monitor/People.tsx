import type { MonitorReport } from "@/api/schema";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import classes from "./Monitor.module.css";

/** Who uses the service. */
export function People({ report, now }: { report: MonitorReport; now: number }) {
  const { users, last_60_minutes } = report.users;
  return (
    <section aria-labelledby="people">
      <h2 id="people">{t("People")}</h2>
      <p>{t("{{count}} people within the last hour.", { count: last_60_minutes })}</p>
      <ul className={classes.people}>
        {users.map(({ username, seen_at }) => (
          <li key={username}>
            <span dir="auto">{username}</span>{" "}
            <span className={classes.soft}>{ago(seen_at, now)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
