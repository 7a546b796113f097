import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { JobView } from "@/api/schema";
import { putJob } from "./jobCache";

/** Start a job of a project, and show it wherever jobs are shown. */
export function useStart<T>(
  start: (slug: string, wish: T) => Promise<JobView>,
  slug: string,
  onStarted: () => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: T) => start(slug, wish),
    onSuccess: (job) => {
      putJob(client, job);
      onStarted();
    },
  });
}
