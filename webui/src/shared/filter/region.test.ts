import { expect, it } from "vitest";
import { readRegion } from "./region";

it("a region is read from an address, if it is one", () => {
  const polygon = [
    [0, 0],
    [1, 0],
    [0, 1],
  ];
  expect(readRegion({ projection: "near", polygon })).toEqual({ projection: "near", polygon });
  for (const wrong of [
    null,
    "near",
    { projection: "near" },
    { polygon },
    { projection: "near", polygon: polygon.slice(1) },
    { projection: "near", polygon: [...polygon, [1]] },
    { projection: "near", box: [1, 0, 0, 1] },
    { projection: "near", box: [0, 0, 1, "1"] },
  ]) {
    expect(readRegion(wrong)).toBeNull();
  }
});
