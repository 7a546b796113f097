import { expect, it } from "vitest";
import { filterHandover, pickedHandover } from "./handover";

it("hands over what keeps texts away, and nothing of how they are shown", () => {
  const region = { projection: "near", box: [0, 0, 1, 2] as [number, number, number, number] };
  expect(
    filterHandover({ scheme: "s", regex: "a", region, view: "map", sort: [{ by: "id" }] }),
  ).toEqual({ regex: "a", region, split: "all" });
  expect(filterHandover({ split: "train", sample: "disagreed" })).toEqual({
    split: "train",
    sample: "disagreed",
  });
});

it("hands over picked texts in their order, as many as an address holds", () => {
  expect(pickedHandover([9, 3, 4], false)).toEqual({ rows: "9_3-4" });
  expect(pickedHandover([9, 3], true)).toEqual({ rows: "9_3", sample: "all" });
  const many = Array.from({ length: 600 }, (_, at) => at * 2);
  expect(pickedHandover(many, false).rows?.split("_")).toHaveLength(500);
});
