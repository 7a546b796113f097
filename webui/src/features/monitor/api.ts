import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { MonitorReport } from "@/api/schema";

/** Often enough to watch something happen; the server gathers it no more often for many who look. */
const PAUSE = 4_000;

/** The state of the service, again every few seconds while somebody looks. */
export const monitorQuery = queryOptions({
  queryKey: ["monitor"],
  queryFn: ({ signal }): Promise<MonitorReport> => body(api.GET("/api/v1/monitor", { signal })),
  refetchInterval: PAUSE,
  refetchIntervalInBackground: false,
  staleTime: 0,
});
