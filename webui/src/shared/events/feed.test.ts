import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { aJob, someNews } from "@/shared/jobs/testing";
import { takeUp } from "./feed";

const KEYS = [
  ["projects"],
  ["project", "climate"],
  ["project", "climate", "state"],
  ["jobs", "mine", "ada"],
  ["components"],
];

let client: QueryClient;

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  for (const key of KEYS) client.setQueryData(key, []);
});
afterEach(() => {
  client.clear();
  vi.useRealTimers();
});

/** Let a page hear an event; return what it will ask for again. */
function heard(type: string, data = "{}"): string[] {
  takeUp(client, { id: "1", type, data });
  vi.advanceTimersByTime(2_000);
  return KEYS.filter((key) => client.getQueryState(key)?.isInvalidated).map((key) => key.join("/"));
}

it.each(["resync", "server.restored"])("asks for everything again after %s", (type) => {
  expect(heard(type)).toEqual(KEYS.map((key) => key.join("/")));
});

it.each(["scheme.created", "scheme.changed", "annotations.saved", "unheard.of"])(
  "asks for what it shows of projects again after %s",
  (type) => {
    expect(heard(type)).toEqual(["project/climate", "project/climate/state"]);
  },
);

it("asks for the list of projects, too, after one was deleted", () => {
  expect(heard("project.deleted")).toContain("projects");
});

it("puts news of a job into its place, and asks for nothing", () => {
  client.setQueryData(["jobs", "mine", "ada"], [aJob()]);
  expect(heard("job.progress", JSON.stringify(someNews({ progress: 0.9 })))).toEqual([]);
  expect(client.getQueryData(["jobs", "mine", "ada"])).toMatchObject([{ progress: 0.9 }]);
});

it.each(["", "{", "null", '{"id": 3}'])("passes over news that cannot be read: %j", (data) => {
  expect(heard("job.done", data)).toEqual([]);
});
