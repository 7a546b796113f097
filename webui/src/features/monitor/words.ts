import type { MonitorReport } from "@/api/schema";
import { carbon, wattHours } from "@/shared/words/energy";
import { counted, percent } from "@/shared/words/number";
import { roughTime } from "@/shared/words/time";

type EnergyTotal = MonitorReport["energy"]["today"];
type Worker = MonitorReport["workers"][number];

/** Say whether annotators can work. */
export function healthSentence({ health, users }: MonitorReport): string {
  const at = users.last_5_minutes;
  const people = at === 0 ? "Nobody is at work." : `${counted(at, "person", "people")} at work.`;
  if (health.status === "down") return "Annotators cannot work.";
  if (health.status === "degraded") return `Annotators can work, but not all is well. ${people}`;
  return `All is well. ${people}`;
}

/** Say what jobs took. */
export function energySentence({ jobs, wh, g_co2e, measured_share }: EnergyTotal): string {
  if (jobs === 0) return "nothing";
  const share = measured_share ?? 0;
  const how =
    share >= 1
      ? "measured"
      : share > 0
        ? `${percent(share)} measured, the rest estimated`
        : "estimated";
  return `${wattHours(wh)}, ${carbon(g_co2e)}, ${how}; ${counted(jobs, "job")}`;
}

/** Say how a worker is; `now` is the server's time. */
export function workerState(worker: Worker, now: number): string {
  const since = (time: string | null) =>
    time === null ? "" : ` for ${roughTime((now - Date.parse(time)) / 1000)}`;
  switch (worker.state) {
    case "alive":
      return worker.job === null ? "waits for work" : "works";
    case "starting":
      return "starts";
    case "restarting": {
      const left = (Date.parse(worker.restarts_at ?? "") - now) / 1000;
      const again = left > 0 ? `, comes back in ${roughTime(left)}` : ", comes back";
      return `died${again}`;
    }
    case "silent":
      return `silent${since(worker.heartbeat_at)}`;
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

export const STATE_NAMES = ["Waiting", "Running", "Done", "Failed", "Stopped"];
