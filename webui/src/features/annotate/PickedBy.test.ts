import { expect, it } from "vitest";
import type { Element } from "@/api/schema";
import { someStrategies } from "@/shared/artefacts/testing";
import { pickedBy } from "./PickedBy";

const PREDICTION: Element["prediction"] = { value: "a", probabilities: { a: 0.6 }, version: 8 };

function says(strategy: string | null, starts = false, prediction = PREDICTION) {
  return pickedBy({ strategy, prediction }, starts, someStrategies);
}

it("says by what a text was picked, and by which version of the guide", () => {
  expect(says("breaking-ties")).toBe("picked by “Between two labels”, guide 8");
  expect(says("random", false, null)).toBe("picked by “At random”");
  expect(says("gone")).toBe("picked by “gone”, guide 8");
});

it("says that the guide is only starting", () => {
  expect(says("typiclust", true)).toBe("picked by “Typical texts” while the guide starts");
});

it("says nothing of a text that no strategy picked", () => {
  expect(says(null)).toBeNull();
});
