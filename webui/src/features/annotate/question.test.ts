import { expect, it } from "vitest";
import { FIRST_QUESTION, nextQuery } from "./question";

it("asks as the guide says unless an order was chosen", () => {
  expect(nextQuery(FIRST_QUESTION)).toMatchObject({ strategy: null, params: {} });
  const label = { ...FIRST_QUESTION, strategy: "max-probability", label: "waste" };
  expect(nextQuery(label)).toMatchObject({
    strategy: "max-probability",
    params: { label: "waste" },
  });
  // What belonged to another order is not sent along.
  expect(nextQuery({ ...label, strategy: null }).params).toEqual({});
});

it("looks for texts like one only once that is written", () => {
  const question = { ...FIRST_QUESTION, strategy: "similar" };
  expect(nextQuery({ ...question, text: "" })).toMatchObject({ strategy: null, params: {} });
  expect(nextQuery({ ...question, text: "rats" })).toMatchObject({
    strategy: "similar",
    params: { text: "rats" },
  });
});

it("an LLM's answers are asked for only by whoever wants to see them", () => {
  expect(nextQuery(FIRST_QUESTION).suggestions).toBe(false);
  expect(nextQuery({ ...FIRST_QUESTION, suggestions: true }).suggestions).toBe(true);
});
