import { describe, expect, it } from "vitest";
import { someStrategies } from "@/shared/artefacts/testing";
import { begin, choiceTitle, ownErrors, ownFields, readStrategy, rename } from "./strategyDraft";

const LABELS = ["agree", "neutral", "disagree"];
const strategyNamed = (name: string) => someStrategies.find((each) => each.name === name);
const start = (name: string, params: object = {}) =>
  begin({ name, params: { ...params } }, someStrategies, LABELS);

describe("the form of a strategy", () => {
  it("offers the scheme's labels where one is to be named", () => {
    expect(ownFields(strategyNamed("max-probability"), LABELS)).toMatchObject([
      { name: "label", kind: "choice", options: LABELS },
    ]);
    expect(ownFields(strategyNamed("rare-mix"), LABELS)).toMatchObject([
      { name: "rare", kind: "several", options: LABELS },
    ]);
  });

  it("wants a label before it can be sent", () => {
    const draft = start("max-probability");
    expect(ownErrors(draft, someStrategies, LABELS)).toEqual({ label: "Fill this in." });
    expect(readStrategy(draft, someStrategies, LABELS)).toBeNull();
    const filled = { ...draft, drafts: { "max-probability": { label: "agree" } } };
    expect(readStrategy(filled, someStrategies, LABELS)).toEqual({
      name: "max-probability",
      params: { label: "agree" },
    });
  });
});

describe("a wrapper", () => {
  const wrapped = {
    rare: ["neutral"],
    base: "max-probability",
    base_params: { label: "disagree" },
  };

  it("is read as it was begun", () => {
    expect(readStrategy(start("rare-mix", wrapped), someStrategies, LABELS)).toEqual({
      name: "rare-mix",
      params: wrapped,
    });
  });

  it("begins with its default base", () => {
    expect(readStrategy(start("rare-mix"), someStrategies, LABELS)).toEqual({
      name: "rare-mix",
      params: { base: "breaking-ties" },
    });
  });

  it("cannot be sent while its base cannot", () => {
    const draft = start("rare-mix", { base: "max-probability" });
    expect(readStrategy(draft, someStrategies, LABELS)).toBeNull();
  });

  it("changes what was chosen before it", () => {
    const badge = start("badge");
    expect(rename(badge, "rare-mix", someStrategies, LABELS).base?.name).toBe("badge");
    // Whoever had texts at random has chosen no order to change.
    const random = start("random");
    expect(rename(random, "rare-mix", someStrategies, LABELS).base?.name).toBe("breaking-ties");
  });

  it("leaves no trace where another strategy is chosen after it", () => {
    const draft = rename(start("rare-mix", wrapped), "badge", someStrategies, LABELS);
    expect(readStrategy(draft, someStrategies, LABELS)).toEqual({ name: "badge", params: {} });
  });
});

it("keeps what was put in for each strategy", () => {
  const typical = start("typiclust", { batch: 10 });
  const there = rename(typical, "badge", someStrategies, LABELS);
  const back = rename(there, "typiclust", someStrategies, LABELS);
  expect(readStrategy(back, someStrategies, LABELS)?.params).toEqual({ batch: 10 });
});

it("names strategies so that they can be told apart", () => {
  const title = (name: string, params: object) =>
    choiceTitle({ name, params: { ...params } }, someStrategies);
  expect(title("badge", {})).toBe("Diverse gradients");
  expect(title("max-probability", { label: "agree" })).toBe("Most likely a label (agree)");
  expect(title("rare-mix", { rare: ["neutral"], base: "badge" })).toBe(
    "With likely rare ones (neutral): Diverse gradients",
  );
  expect(title("gone", {})).toBe("gone");
});
