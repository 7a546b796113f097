import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { resumeOutboxes, startOutboxes } from "@/features/annotate/outbox/outboxes";
import { useEvents } from "@/shared/events/events";
import { dismissAll } from "@/shared/notices/notices";
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
  const before = useRef(user);
  useEffect(() => {
    if (before.current !== user) forgetOthers(user);
    before.current = user;
    if (user !== null) resumeOutboxes(user);
  }, [user]);
  useEvents(user);
  return null;
}

/** What one user may see is not for the next. */
function forgetOthers(user: string | null): void {
  dismissAll();
  if (user === null) queryClient.clear();
  else {
    // What is on the page already keeps its place in the cache, where events look for it.
    queryClient.removeQueries({ type: "inactive" });
    void queryClient.resetQueries();
  }
  void router.invalidate();
}
