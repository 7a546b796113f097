import { expect, it } from "vitest";
import type { Delivery } from "@/api/schema";
import { deliveryWords, eventWords } from "./webhookWords";

const delivery: Delivery = {
  id: "msg_1",
  type: "job.done",
  data: {},
  happened_at: "2026-05-01T12:00:00Z",
  state: "waiting",
  attempts: 0,
  status: null,
  problem: "",
  tried_at: null,
  next_at: null,
};

it("names what is asked for, and types that it does not know by themselves", () => {
  expect(eventWords(["*"])).toBe("Everything that happens");
  expect(eventWords(["job.failed", "task.late"])).toBe("Jobs that failed; task.late");
});

it.each([
  [{}, "On its way"],
  [{ attempts: 1, problem: "No answer." }, "To be tried again. No answer."],
  [{ state: "failed", problem: "No answer." }, "Given up. No answer."],
  [{ state: "delivered", attempts: 2 }, "Delivered"],
] as const)("%o: %s", (values, words) => {
  expect(deliveryWords({ ...delivery, ...values })).toBe(words);
});
