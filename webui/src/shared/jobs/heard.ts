import type { JobView } from "@/api/schema";
import { serverNow } from "@/shared/clock";
import { afterNews, type JobNews } from "./news";

/** How many jobs' newest news are remembered. */
const REMEMBERED = 500;

let count = 0;
const newest = new Map<string, { news: JobNews; at: number }>();

/** Remember news, so that an answer that was on its way meanwhile does not bring back the old. */
export function remember(news: JobNews): void {
  count += 1;
  newest.delete(news.id);
  newest.set(news.id, { news, at: count });
  const oldest = newest.size > REMEMBERED ? newest.keys().next().value : undefined;
  if (oldest !== undefined) newest.delete(oldest);
}

/** Return where the news stand, to be asked for with `upToDate` when the answer is here. */
export function position(): number {
  return count;
}

/** Return a job as the server showed it, with the news that came after it was asked. */
export function upToDate(job: JobView, asked: number): JobView {
  const heard = newest.get(job.id);
  if (heard === undefined || heard.at <= asked) return job;
  return afterNews(job, heard.news, new Date(serverNow()).toISOString());
}
