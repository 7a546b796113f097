import { beforeEach, expect, it, vi } from "vitest";
import { api } from "@/api/client";
import type { Feedback } from "@/api/schema";
import { forget, hear, lastFeedback, pass } from "./feedback";
import { send } from "./send";

vi.mock("@/shared/session/session", () => ({ currentSession: () => ({ username: "ada" }) }));

const place = { user: "ada", project: "climate", scheme: "stance" };
const wrong: Feedback = { id: "t1", correct: false, right: "con", note: "Irony." };

function answering(...answers: { data?: unknown; status?: number }[]) {
  const post = vi.spyOn(api, "POST").mockReset();
  for (const { data, status = 200 } of answers) {
    post.mockResolvedValueOnce({ data, response: new Response(null, { status }) } as never);
  }
  return post;
}

beforeEach(() => forget(place));

it("is heard when the server takes an answer, whenever that is", async () => {
  answering({ data: { seq: [1], feedback: [wrong] } });
  await send(place, { kind: "annotate", key: "1", annotation: { id: "t1", value: "pro" } });
  expect(lastFeedback(place)).toEqual(wrong);
  expect(lastFeedback({ ...place, user: "bert" })).toBeNull();
});

it("stays while it says something new, and goes once its text is answered anew", () => {
  hear(place, wrong);
  pass(place, "t2");
  expect(lastFeedback(place)).toEqual(wrong);
  pass(place, "t1");
  expect(lastFeedback(place)).toBeNull();
  hear(place, { ...wrong, correct: true });
  pass(place, "t2");
  expect(lastFeedback(place)).toBeNull();
});

it("says again what was taken back, and outright where an answer was lost", async () => {
  const redo = { kind: "redo", key: "1", id: "t1", value: "pro", comment: "" } as const;
  const asked = answering({ data: { seq: 3, id: "t1", value: "pro" } });
  await send(place, { ...redo, tried: false });
  expect(String(asked.mock.calls[0]?.[0])).toMatch(/redo$/);
  const outright = answering({ data: { seq: [4], feedback: [] } });
  await send(place, { ...redo, tried: true });
  expect(String(outright.mock.calls[0]?.[0])).toMatch(/annotations$/);
  const nothing = answering({ status: 409 }, { data: { seq: [4], feedback: [] } });
  await send(place, { ...redo, tried: false });
  expect(
    (nothing.mock.calls as unknown[][]).map(([path]) => String(path).split("/").at(-1)),
  ).toEqual(["redo", "annotations"]);
  answering({ data: { seq: 5, id: "t9", value: "pro" } });
  await expect(send(place, { ...redo, tried: false })).rejects.toThrow("instead of t1");
});
