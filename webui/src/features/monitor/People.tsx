import type { MonitorReport } from "@/api/schema";
import { counted } from "@/shared/words/number";
import { ago } from "@/shared/words/time";
import classes from "./Monitor.module.css";

/** Who uses the service. */
export function People({ report, now }: { report: MonitorReport; now: number }) {
  const { users, last_60_minutes } = report.users;
  return (
    <section aria-labelledby="people">
      <h2 id="people">People</h2>
      <p>{counted(last_60_minutes, "person", "people")} within the last hour.</p>
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
