import type { ComponentInfo, JobView } from "@/api/schema";
import { figure, percent, roughly } from "@/shared/words/number";
import { elapsed, timeLeft } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { KIND_TITLES } from "./kinds";

/** Names that a job refers to by id, where they are known. */
export interface Names {
  readonly components?: readonly ComponentInfo[] | undefined;
  /** Names of features and models by id. */
  readonly artefacts?: ReadonlyMap<string, string> | undefined;
}

type Titled = Pick<JobView, "kind" | "params" | "subject">;

/** Say in words what a job does: "Compute the feature lsa50". */
export function jobTitle(job: Titled, names: Names = {}): string {
  const named = text(job.params.name);
  const model = names.artefacts?.get(text(job.params.model_id)) ?? subjectTitle(job, names);
  const feature = names.artefacts?.get(text(job.params.feature_id)) ?? subjectTitle(job, names);
  switch (job.kind) {
    case "feature":
      return t("Compute the feature {{name}}", { name: named });
    case "extend-feature":
      return t("Extend the feature {{name}}", { name: feature });
    case "train":
      return t("Train the model {{name}}", { name: named });
    case "predict":
      return t("Predict with {{name}}", { name: model });
    case "score":
      return t("Score {{name}}", { name: model });
    case "import":
      return t("Import {{name}}", { name: text(job.params.filename) });
    case "guide":
      return t("Refresh the guide");
    case "simulate":
      return named === ""
        ? t("Simulate strategies")
        : t("Simulate strategies: {{name}}", { name: named });
    case "assess":
      return t("Try the guide on held-out labels");
    default:
      return kindTitle(job.kind, names);
  }
}

/** Say what jobs of a kind do; plugins bring further kinds, with titles of their own. */
export function kindTitle(kind: string, names: Names = {}): string {
  return KIND_TITLES[kind] ?? titleOf("job", kind, names);
}

/** Say what a job runs: "tf-idf condensed (LSA)", with the model's name where it has one. */
export function subjectTitle({ subject, kind }: Titled, names: Names = {}): string {
  const [component = "", model] = subject.split(": ", 2);
  if (component === "") return "";
  const title = titleOf(kind.endsWith("feature") ? "feature" : "model", component, names);
  return model === undefined ? title : t("{{name}}: {{value}}", { name: title, value: model });
}

/** The title of a component, or its name made readable where it is not installed (any more). */
export function titleOf(kind: string, name: string, { components }: Names): string {
  const found = components?.find((each) => each.kind === kind && each.name === name);
  return found?.title ?? name.replaceAll("-", " ").replace(/^./, (first) => first.toUpperCase());
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** What is measured of every job while it runs: told by its cost, once it has ended. */
const OF_EVERY_JOB = /^(seconds|cpu_seconds|peak_memory_mb|.*_wh|g_co2e|batch_parts|remote_.*)$/;
const MOST_METRICS = 3;

/** Write what a job reports of itself while it runs: "240 texts/s", "loss 0.31". */
export function liveMetrics(metrics: JobView["metrics"]): string[] {
  return Object.entries(metrics)
    .filter(([name, value]) => !OF_EVERY_JOB.test(name) && Number.isFinite(value))
    .slice(0, MOST_METRICS)
    .map(([name, value]) => metric(name, value));
}

function metric(name: string, value: number): string {
  const what = /^(.+)_per_second$/.exec(name)?.[1];
  const written = Math.abs(value) >= 100 ? figure(Math.round(value)) : roughly(value);
  if (what !== undefined) return `${written} ${what.replaceAll("_", " ")}/s`;
  return `${name.replaceAll("_", " ")} ${written}`;
}

/** Say how far a running job has come and how long it will still take; `now` is the server's. */
export function advance(job: Pick<JobView, "progress" | "eta">, now: number): string {
  const share = job.progress === null ? [] : [percent(job.progress)];
  const left = job.eta === null ? [] : [timeLeft((Date.parse(job.eta) - now) / 1000)];
  return [...share, ...left].join(", ");
}

/** Return for how many seconds a job has run, or ran; null before it starts. */
export function secondsRun(job: JobView, now: number): number | null {
  if (job.seconds !== null) return job.seconds;
  if (job.started_at === null) return null;
  const end = job.finished_at === null ? now : Date.parse(job.finished_at);
  return Math.max(0, (end - Date.parse(job.started_at)) / 1000);
}

/** Whether stopping a job throws away work that somebody would miss. */
export function losesWork(job: JobView, now: number): boolean {
  return job.state === "running" && (secondsRun(job, now) ?? 0) >= WORTH_ASKING;
}

const WORTH_ASKING = 30;

/** Say how a job ended. */
export function ending(job: JobView): string {
  const seconds = secondsRun(job, 0);
  if (seconds === null) return WITHOUT_TIME[job.state] ?? t("done");
  const time = elapsed(seconds);
  if (job.state === "failed") return t("failed after {{time}}", { time });
  if (job.state === "cancelled") return t("stopped after {{time}}", { time });
  return t("done in {{time}}", { time: seconds < 1 ? t("under a second") : time });
}

const WITHOUT_TIME: Readonly<Partial<Record<JobView["state"], string>>> = {
  failed: t("failed"),
  cancelled: t("stopped before it began"),
};

/** Sum up a tray for whoever cannot see it: "2 under way, 1 waiting". */
export function traySummary(running: number, queued: number): string {
  const parts = [
    ...(running > 0 ? [t("{{n}} under way", { n: running })] : []),
    ...(queued > 0 ? [t("{{n}} waiting", { n: queued })] : []),
  ];
  return parts.length === 0 ? t("none under way") : parts.join(", ");
}
