import { describe, expect, it } from "vitest";
import { afterNews, readNews } from "./news";
import { aJob, someNews } from "./testing";

const NOW = "2026-11-24T12:00:30.000Z";

describe("news", () => {
  it("change what they tell of, and leave the rest", () => {
    const news = someNews({ progress: 0.5, message: "half", metrics: { texts_per_second: 9 } });
    const after = afterNews(aJob({ warning: "nearly spent" }), news, NOW);
    expect(after).toMatchObject({
      progress: 0.5,
      message: "half",
      metrics: { texts_per_second: 9 },
      warning: "nearly spent",
      project: "climate",
      started_at: "2026-11-24T12:00:01.000000Z",
    });
  });

  it("tell a beginning and an end, whose times the event does not have", () => {
    const queued = aJob({ state: "queued", started_at: null });
    expect(afterNews(queued, someNews({ state: "running" }), NOW).started_at).toBe(NOW);
    const failed = afterNews(aJob(), someNews({ state: "failed", error: "no terms" }), NOW);
    expect(failed).toMatchObject({ state: "failed", error: "no terms", finished_at: NOW });
  });

  it("let a job begin anew whose worker has died", () => {
    const again = afterNews(aJob(), someNews({ state: "queued", progress: null }), NOW);
    expect(again).toMatchObject({ state: "queued", started_at: null, progress: null });
  });
});

it.each(["", "[]", "null", "{}", '{"id": 1, "state": "done"}', '{"id": "a", "state": "melted"}'])(
  "passes over %j, which is no news of a job",
  (data) => {
    expect(readNews(data)).toBeNull();
  },
);
