import { expect, it } from "vitest";
import type { ComponentInfo } from "@/api/schema";
import { measuresFor } from "./measures";

it("finds the coefficients of a type of scheme", () => {
  const capabilities = { scheme_types: ["span"], measures: ["gamma", "alpha_u"], usual: ["gamma"] };
  const components = [{ capabilities }] as unknown as ComponentInfo[];
  expect(measuresFor(components, "span")).toEqual({ all: ["gamma", "alpha_u"], usual: ["gamma"] });
  expect(measuresFor(components, "multiclass")).toEqual({ all: [], usual: [] });
});
