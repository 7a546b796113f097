import type { Query, QueryClient } from "@tanstack/react-query";
import { soon } from "@/shared/events/invalidation";
import { currentSession } from "@/shared/session/session";
import { fetchJob } from "./api";
import { remember } from "./heard";
import { patchJob, putJob } from "./jobCache";
import { isBackground, isOver, type JobNews } from "./news";
import { tellEnd } from "./tellEnd";

/** A guide learns every few annotations of anybody: its figures need not follow each time. */
const GUIDE_PAUSE = 5_000;

/** Jobs that no list here had even after it was asked again: others', mostly. */
const strangers = new Set<string>();
const MOST_STRANGERS = 2_000;
const LOOK_PAUSE = 300;

/** Let the page follow what has happened to a job. */
export function hearJob(client: QueryClient, news: JobNews): void {
  remember(news);
  const job = patchJob(client, news);
  if (isBackground(news)) {
    if (isOver(news)) soon(client, "guides", { predicate: showsGuide }, GUIDE_PAUSE);
    return;
  }
  if (job === null) lookFor(client, news.id);
  else if (news.message !== "" || isOver(news)) {
    soon(client, `log ${job.id}`, { queryKey: ["job", job.id, "log"] });
  }
  if (!isOver(news)) return;
  soon(client, "made", { predicate: showsWhatJobsMake });
  // A quick job may end before the lists have heard of it: it may be the user's own.
  if (job === null || job.user === currentSession()?.username) void learnEnd(client, news.id);
  else soon(client, "jobs", { queryKey: ["jobs"] });
}

/** So many ends are looked up one by one; where more come at once, after a break, the lists are. */
const MOST_AT_ONCE = 5;
let learning = 0;

/** News say little of what an end has cost, and not whose it is. */
async function learnEnd(client: QueryClient, id: string): Promise<void> {
  if (learning >= MOST_AT_ONCE) return soon(client, "jobs", { queryKey: ["jobs"] });
  learning += 1;
  try {
    const job = await fetchJob(id);
    putJob(client, job);
    if (job.user === currentSession()?.username) tellEnd(job);
  } catch {
    soon(client, "jobs", { queryKey: ["jobs"] });
  } finally {
    learning -= 1;
  }
}

function lookFor(client: QueryClient, id: string): void {
  if (strangers.has(id)) return;
  if (strangers.size >= MOST_STRANGERS) strangers.clear();
  strangers.add(id);
  soon(client, "jobs", { queryKey: ["jobs"] }, LOOK_PAUSE);
}

function showsGuide({ queryKey: [about, , part] }: Query): boolean {
  return about === "project" && OF_GUIDE.includes(String(part));
}

/** What the guide believes, and what follows from it. */
const OF_GUIDE = ["scheme", "state", "stopping"];

const MADE = [
  "state",
  "features",
  "models",
  "projections",
  "topics",
  "labellings",
  "labelling",
  "simulations",
  "stopping",
  "energy",
  "estimate",
  "estimates",
  "comparisons",
];

/** What a job makes, and what it takes even where it fails. */
function showsWhatJobsMake({ queryKey: [about, , part] }: Query): boolean {
  return about === "projects" || (about === "project" && MADE.includes(String(part)));
}
