import { expect, it } from "vitest";
import type { GuideInfo } from "@/api/schema";
import { guideFacts, guideSentence } from "./guideWords";

const GUIDE: GuideInfo = {
  features: ["tfidf"],
  model: "logistic",
  params: {},
  strategy: "max-entropy",
  strategy_params: {},
  refresh_every: 10,
  refresh_idle_seconds: 5,
  cold_start: "typiclust",
  cold_start_params: {},
  cold_labels: 2,
  varied: true,
  ensemble: 0,
  state: "fresh",
  version: 3,
  trained_at_seq: 90,
  n_train: 40,
  agreed: 83,
  compared: 100,
  message: "",
  cold: null,
  belief: null,
};

it("says how often the guide was right, once there is enough to compare", () => {
  expect(guideSentence(GUIDE)).toBe("guide: agrees on 83 of the last 100");
  expect(guideSentence({ ...GUIDE, agreed: 0, compared: 1 })).toBe("guide: learnt from 40 texts");
});

it("says when it waits and when it learns", () => {
  expect(guideSentence({ ...GUIDE, state: "waiting" })).toBe("guide: waits for more labels");
  expect(guideSentence({ ...GUIDE, state: "refreshing" })).toMatch(/, learning$/);
});

it("says from how many labels it has learnt, and when", () => {
  const now = Date.parse("2026-11-24T12:03:00Z");
  const belief = {
    at: "2026-11-24T12:00:00Z",
    share: {},
    share_before: null,
    uncertainty: 0.4,
    uncertainty_before: null,
    changed: null,
    kappa: null,
    flows: [],
  };
  expect(guideFacts({ ...GUIDE, belief }, now)).toBe("from 40 labels, 3 min ago");
  expect(guideFacts({ ...GUIDE, belief, compared: 2 }, now)).toBe("3 min ago");
  expect(guideFacts(GUIDE, now)).toBe("from 40 labels");
  expect(guideFacts({ ...GUIDE, state: "waiting" }, now)).toBe("");
});
