import type { JobView } from "@/api/schema";
import { isBackground } from "@/shared/jobs/news";

/** Refreshes of a guide that came one after the other. */
export interface Folded {
  readonly guides: readonly JobView[];
}

/** Fold refreshes of the guide that went well and follow one another; all else stands for itself. */
export function folded(jobs: readonly JobView[]): readonly (JobView | Folded)[] {
  const entries: (JobView | Folded)[] = [];
  for (const job of jobs) {
    const last = entries.at(-1);
    if (!isBackground(job) || job.state !== "done") entries.push(job);
    else if (last !== undefined && "guides" in last) {
      entries[entries.length - 1] = { guides: [...last.guides, job] };
    } else entries.push({ guides: [job] });
  }
  return entries;
}
