import type { MonitorReport } from "@/api/schema";
import { carbon, wattHours } from "@/shared/words/energy";
import { apart } from "@/shared/words/list";
import { percent } from "@/shared/words/number";
import { roughTime } from "@/shared/words/time";
import { t } from "@/shared/words/translate";

type EnergyTotal = MonitorReport["energy"]["today"];
type Worker = MonitorReport["workers"][number];

/** Say whether annotators can work. */
export function healthSentence({ health, users }: MonitorReport): string {
  const at = users.last_5_minutes;
  const people = at === 0 ? t("Nobody is at work.") : t("{{count}} people at work.", { count: at });
  if (health.status === "down") return t("Annotators cannot work.");
  return health.status === "degraded"
    ? `${t("Annotators can work, but not all is well.")} ${people}`
    : `${t("All is well.")} ${people}`;
}

/** Say what jobs took. */
export function energySentence({ jobs, wh, g_co2e, measured_share }: EnergyTotal): string {
  if (jobs === 0) return t("nothing");
  const share = measured_share ?? 0;
  const how =
    share >= 1
      ? t("measured")
      : share > 0
        ? t("{{share}} measured, the rest estimated", { share: percent(share) })
        : t("estimated");
  const spent = `${wattHours(wh)}, ${carbon(g_co2e)}, ${how}`;
  return apart([spent, t("{{count}} jobs", { count: jobs })]);
}

/** Say how a worker is; `now` is the server's time. */
export function workerState(worker: Worker, now: number): string {
  switch (worker.state) {
    case "alive":
      return worker.job === null ? t("waits for work") : t("works");
    case "starting":
      return t("starts");
    case "restarting": {
      const left = (Date.parse(worker.restarts_at ?? "") - now) / 1000;
      return left > 0
        ? t("died, comes back in {{time}}", { time: roughTime(left) })
        : t("died, comes back");
    }
    case "silent":
      return worker.heartbeat_at === null
        ? t("silent")
        : t("silent for {{time}}", {
            time: roughTime((now - Date.parse(worker.heartbeat_at)) / 1000),
          });
  }
}

const STATES = ["queued", "running", "done", "failed", "cancelled"] as const;

/** Return the counts of jobs as a table: a row for each kind, a column for each state. */
export function jobTable(jobs: MonitorReport["jobs"]): { kind: string; counts: number[] }[] {
  const kinds = [...new Set(jobs.map(({ kind }) => kind))].toSorted();
  return kinds.map((kind) => ({
    kind,
    counts: STATES.map(
      (state) => jobs.find((each) => each.kind === kind && each.state === state)?.jobs ?? 0,
    ),
  }));
}

export const STATE_NAMES = [t("Waiting"), t("Running"), t("Done"), t("Failed"), t("Stopped")];
