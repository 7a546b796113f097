import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { resumeOutboxes, startOutboxes } from "@/features/annotate/outbox/outboxes";
import { queryClient } from "@/shared/query";
import { useSession } from "@/shared/session/session";
import { resolver, theme } from "@/shared/theme/theme";
import { router } from "./router";

startOutboxes();

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolver} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <SessionWatch />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** What follows when somebody signs in or out, in this tab or another. */
function SessionWatch() {
  const user = useSession()?.username ?? null;
  useEffect(() => {
    // What one user may see is not for the next.
    queryClient.clear();
    void router.invalidate();
    if (user !== null) resumeOutboxes(user);
  }, [user]);
  return null;
}
