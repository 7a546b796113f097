import { QueryClient } from "@tanstack/react-query";
import { toProblem } from "@/api/problem";

/** Ask again only where waiting may help. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 3 && toProblem(error).passing,
    },
  },
});
