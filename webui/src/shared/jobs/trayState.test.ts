import { expect, it } from "vitest";
import { aJob } from "./testing";
import { lastEnd, sortOut } from "./trayState";

const ended = (id: string, state: "done" | "failed", minute: number) =>
  aJob({ id, state, finished_at: `2026-11-24T12:${minute}:00Z` });

it("sorts jobs out: what runs, what comes next, what ended last, what failed unseen", () => {
  const jobs = [
    aJob({ id: "late", state: "queued" }),
    aJob({ id: "next", state: "queued" }),
    aJob({ id: "runs" }),
    ended("seen", "failed", 10),
    ended("unseen", "failed", 40),
    ended("done", "done", 50),
    aJob({ id: "guide", queue: "live", kind: "guide", state: "failed" }),
  ];
  const tray = sortOut(jobs, "2026-11-24T12:30:00.000Z");
  const ids = (list: typeof jobs | readonly (typeof jobs)[number][]) => list.map(({ id }) => id);
  expect(ids(tray.running)).toEqual(["runs"]);
  expect(ids(tray.queued)).toEqual(["next", "late"]);
  expect(ids(tray.ended)).toEqual(["done", "unseen", "seen"]);
  expect(ids(tray.unseen)).toEqual(["unseen"]);
  expect(sortOut(jobs, lastEnd(tray)).unseen).toEqual([]);
});
