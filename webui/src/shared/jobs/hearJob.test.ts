import { type InfiniteData, QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "@/api/client";
import type { JobPage, JobView } from "@/api/schema";
import { currentNotices, dismissAll } from "@/shared/notices/notices";
import { endSession, startSession } from "@/shared/session/session";
import { position, upToDate } from "./heard";
import { hearJob } from "./hearJob";
import { putJob } from "./jobCache";
import { aJob, someNews } from "./testing";

const MINE = ["jobs", "mine", "ada"];
const ALL = ["jobs", "project", "climate", []];
const LIVE = ["jobs", "project", "climate", ["queued", "running"]];

let client: QueryClient;
let asked: string[];

function pages(...items: JobView[]): InfiniteData<JobPage, string | null> {
  return { pages: [{ items, cursor: null }], pageParams: [null] };
}

function mine(): readonly JobView[] {
  return client.getQueryData<readonly JobView[]>(MINE) ?? [];
}

function listed(key: readonly unknown[]): string[] {
  const data = client.getQueryData<InfiniteData<JobPage, string | null>>(key);
  return (data?.pages ?? []).flatMap(({ items }) => items.map(({ id, state }) => `${id} ${state}`));
}

/** Let a query count as shown on the page, and note each time it is asked. */
function show(key: readonly unknown[], data: unknown): () => void {
  client.setQueryData(key, data);
  const observer = new QueryObserver(client, {
    queryKey: key,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => {
      asked.push(JSON.stringify(key));
      return data;
    },
  });
  return observer.subscribe(() => undefined);
}

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  asked = [];
});

afterEach(() => {
  client.clear();
  dismissAll();
  endSession();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("news of a job", () => {
  it("change it in every list that has it, and nothing is asked for", async () => {
    const other = aJob({ id: "b" });
    show(MINE, [aJob({ id: "j1" }), other]);
    show(ALL, pages(aJob({ id: "j1" }), other));
    hearJob(client, someNews({ id: "j1", progress: 0.75 }));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(mine()[0]?.progress).toBe(0.75);
    expect(mine()[1]).toBe(other);
    const all = client.getQueryData<InfiniteData<JobPage>>(ALL);
    expect(all?.pages[0]?.items[0]?.progress).toBe(0.75);
    expect(asked).toEqual([]);
  });

  it("let the lists be asked once where none has it, however often it is heard of", async () => {
    show(MINE, []);
    for (const progress of [0.1, 0.2, 0.3]) {
      hearJob(client, someNews({ id: "of somebody else", progress }));
    }
    await vi.advanceTimersByTimeAsync(2_000);
    hearJob(client, someNews({ id: "of somebody else", progress: 0.4 }));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toEqual([JSON.stringify(MINE)]);
  });

  it("of an end are learnt in full and told, even where no list knew of the job", async () => {
    const failed = aJob({ id: "quick", state: "failed", error: "no terms" });
    const answer = { data: failed, response: Response.json(failed) };
    const get = vi.spyOn(api, "GET").mockResolvedValue(answer as never);
    startSession({ username: "ada", token: "t", expiresAt: "2100-01-01T00:00:00Z" });
    show(MINE, []);
    hearJob(client, someNews({ id: "quick", state: "failed" }));
    await vi.advanceTimersByTimeAsync(0);
    expect(get).toHaveBeenCalledTimes(1);
    expect(mine()).toEqual([failed]);
    expect(currentNotices().map(({ text }) => text)).toEqual(["no terms"]);
  });

  it("let what a job makes be asked for once it has ended, for all that end together", async () => {
    const features = ["project", "climate", "features"];
    show(MINE, [aJob({ id: "e1", user: "grace" }), aJob({ id: "e2", user: "grace" })]);
    show(features, []);
    show(["project", "climate"], {});
    hearJob(client, someNews({ id: "e1", state: "done" }));
    hearJob(client, someNews({ id: "e2", state: "failed" }));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked.toSorted()).toEqual([JSON.stringify(MINE), JSON.stringify(features)]);
  });

  it("of a guide are taken up now and then, and look for no job", async () => {
    const scheme = ["project", "climate", "scheme", "stance"];
    show(MINE, []);
    show(scheme, {});
    for (let count = 0; count < 20; count += 1) {
      hearJob(client, someNews({ id: `g${count}`, queue: "live", kind: "guide", state: "done" }));
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(asked.length).toBeLessThanOrEqual(2);
    expect(new Set(asked)).toEqual(new Set([JSON.stringify(scheme)]));
  });
});

describe("an answer", () => {
  it("that was on its way when news came does not bring back the old", () => {
    const before = position();
    hearJob(client, someNews({ id: "late", state: "done" }));
    expect(upToDate(aJob({ id: "late", progress: 0.1 }), before).state).toBe("done");
    expect(upToDate(aJob({ id: "late", progress: 0.1 }), position()).state).toBe("running");
  });
});

describe("a job that was started here", () => {
  it("is put on top of the lists that it belongs to", () => {
    const older = aJob({ id: "old", created_at: "2026-11-24T11:00:00Z" });
    const failed = ["jobs", "project", "climate", ["failed"]];
    client.setQueryData(MINE, [older]);
    client.setQueryData(ALL, pages(older));
    client.setQueryData(LIVE, pages());
    client.setQueryData(failed, pages());
    putJob(client, aJob({ id: "new", state: "queued" }));
    expect(mine().map(({ id }) => id)).toEqual(["new", "old"]);
    expect(listed(ALL)).toEqual(["new queued", "old running"]);
    expect(listed(LIVE)).toEqual(["new queued"]);
    expect(listed(failed)).toEqual([]);
  });
});
