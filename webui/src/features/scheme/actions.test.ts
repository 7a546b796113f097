import { expect, it, vi } from "vitest";
import { actionFor, clashes } from "@/shared/actions/action";
import { everywhere } from "@/shared/everywhere";
import { schemeActions } from "./actions";

const runs = { annotate: vi.fn(), addLabel: vi.fn(), writeCodebook: vi.fn() };

it("has keys that nothing else on the page claims", () => {
  expect(clashes([...everywhere, ...schemeActions(runs, true)])).toEqual([]);
});

it("offers changes to those who may make them", () => {
  expect(actionFor(schemeActions(runs, true), "n")).toBeDefined();
  expect(actionFor(schemeActions(runs, false), "n")).toBeUndefined();
  expect(actionFor(schemeActions(runs, false), "a")).toBeDefined();
});
