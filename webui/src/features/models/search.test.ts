import { expect, it } from "vitest";
import { readModelSearch, readModelsSearch } from "./search";

it("reads an address, and leaves out what means nothing", () => {
  expect(readModelsSearch({ kind: "model", compare: ["a", 2], split: "test" })).toEqual({
    kind: "model",
    compare: ["a", "2"],
    split: "test",
  });
  expect(readModelsSearch({ kind: "all", compare: ["a", "a"], split: 3 })).toEqual({});
  expect(readModelsSearch({ compare: ["a", "b", "c", "d", "e", "f"] }).compare).toHaveLength(5);
});

it("keeps the cell that is open, whatever labels are called", () => {
  expect(readModelSearch({ split: "valid", true: 1, predicted: "no" })).toEqual({
    split: "valid",
    true: "1",
    predicted: "no",
  });
  expect(readModelSearch({ true: "", predicted: null })).toEqual({});
});
