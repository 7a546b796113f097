import type { QueryClient } from "@tanstack/react-query";
import { hearJob } from "@/shared/jobs/hearJob";
import { readNews } from "@/shared/jobs/news";
import { soon } from "./invalidation";
import type { ServerEvent } from "./parser";

/** Let what the page shows follow an event. */
export function takeUp(client: QueryClient, event: ServerEvent): void {
  const [about] = event.type.split(".");
  if (event.type === "resync" || about === "server") void client.invalidateQueries();
  else if (about === "job") {
    const news = readNews(event.data);
    if (news !== null) hearJob(client, news);
  } else {
    // Schemes, projects, annotations, members: whatever of it is on the page is asked for again.
    soon(client, "project", { queryKey: ["project"] });
    if (about === "project" || about === "member") {
      soon(client, "projects", { queryKey: ["projects"] });
    }
  }
}

/** Ask again for what came before the stream was open. */
export function refreshAll(client: QueryClient): void {
  void client.invalidateQueries({ predicate: ({ state }) => state.dataUpdatedAt > 0 });
}
