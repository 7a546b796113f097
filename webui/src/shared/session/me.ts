import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { Me } from "@/api/schema";

/** Who is signed in, and what that account may do. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  staleTime: 5 * 60_000,
  queryFn: ({ signal }): Promise<Me> => body(api.GET("/api/v1/me", { signal })),
});
