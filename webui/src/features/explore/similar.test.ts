import { expect, it } from "vitest";
import { orderOnly, orderShown, readLeast, readSought, sortable, soughtFor } from "./similar";

it("reads words, or a text, and drops what means nothing", () => {
  expect(readSought({ text: "noise at night", least: 0.4, feature: "minilm" })).toEqual({
    text: "noise at night",
    least: 0.4,
    feature: "minilm",
  });
  expect(readSought({ text: " ", id: "w1", least: 3, other: 1 })).toEqual({ id: "w1" });
  for (const nothing of [null, "noise", {}, { text: "" }, { text: 3 }, { feature: "minilm" }]) {
    expect(readSought(nothing)).toBeNull();
  }
});

it("looks for something else by the same feature, and as alike", () => {
  const sought = { text: "noise", feature: "minilm", least: 0.5 };
  expect(soughtFor({ id: "w1" }, sought)).toEqual({ id: "w1", feature: "minilm", least: 0.5 });
  expect(soughtFor({ text: "" }, sought)).toBeNull();
  expect(orderOnly(sought)).toEqual({ text: "noise", feature: "minilm" });
});

it("has the most similar first until another order is chosen", () => {
  expect(orderShown(undefined, undefined)).toBeUndefined();
  expect(orderShown(undefined, { text: "noise" })).toEqual([
    { by: "similarity", descending: true },
  ]);
  expect(orderShown([{ by: "id" }], { text: "noise" })).toEqual([{ by: "id" }]);
  expect(sortable([{ by: "similarity" }, { by: "id" }], undefined)).toEqual([{ by: "id" }]);
});

it("reads how alike texts are to be", () => {
  expect(readLeast("0,5")).toBe(0.5);
  expect(readLeast(" ")).toBeUndefined();
  expect(readLeast("much")).toBeNull();
  expect(readLeast("2")).toBeNull();
});
