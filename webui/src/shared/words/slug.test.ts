import { expect, it } from "vitest";
import { slugged } from "./slug";

it.each([
  ["Stance", "stance"],
  ["  Prise de position é ", "prise-de-position-e"],
  ["--_x", "x"],
  ["!!!", ""],
  [`${"a".repeat(62)} b`, "a".repeat(62)],
])("makes %j %j", (name, slug) => {
  expect(slugged(name)).toBe(slug);
});
