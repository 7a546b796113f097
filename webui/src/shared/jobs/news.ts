import type { JobView } from "@/api/schema";

type Told =
  | "id"
  | "kind"
  | "queue"
  | "state"
  | "progress"
  | "message"
  | "metrics"
  | "eta"
  | "wh"
  | "g_co2e"
  | "result"
  | "error";

/** What an event tells of a job: the data of every `job.*` event. */
export type JobNews = Pick<JobView, Told>;

const STATES: readonly string[] = ["queued", "running", "done", "failed", "cancelled"];

/** Read the data of an event; null where it is not what this page knows. */
export function readNews(data: string): JobNews | null {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null) return null;
    const { id, state } = value as Partial<JobNews>;
    if (typeof id !== "string" || typeof state !== "string") return null;
    return STATES.includes(state) ? (value as JobNews) : null;
  } catch {
    return null;
  }
}

/** Return a job as it is after the news. */
export function afterNews(job: JobView, news: JobNews, now: string): JobView {
  const { id: _, ...told } = news;
  const begun = news.state === "running" ? (job.started_at ?? now) : job.started_at;
  return {
    ...job,
    ...told,
    // A job that is queued again begins anew.
    started_at: news.state === "queued" ? null : begun,
    finished_at: isOver(news) ? (job.finished_at ?? now) : null,
  };
}

/** Whether a job has come to an end, whatever end. */
export function isOver({ state }: Pick<JobView, "state">): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}

/** Whether a job keeps a guide up to date: there are many, quick ones, and nobody starts them. */
export function isBackground({ queue }: Pick<JobView, "queue">): boolean {
  return queue === "live";
}
