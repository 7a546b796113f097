import { expect, it } from "vitest";
import { askedByAddress, FIRST_QUESTION, nextQuery, readAsked } from "./question";

it("asks as the guide says unless an order was chosen", () => {
  expect(nextQuery(FIRST_QUESTION, "ada")).toMatchObject({ strategy: null, params: {} });
  const label = { ...FIRST_QUESTION, strategy: "max-probability", label: "waste" };
  expect(nextQuery(label, "ada")).toMatchObject({
    strategy: "max-probability",
    params: { label: "waste" },
  });
  // What belonged to another order is not sent along.
  expect(nextQuery({ ...label, strategy: null }, "ada").params).toEqual({});
});

it("looks for texts like one only once that is written", () => {
  const question = { ...FIRST_QUESTION, strategy: "similar" };
  expect(nextQuery({ ...question, text: "" }, "ada")).toMatchObject({ strategy: null, params: {} });
  expect(nextQuery({ ...question, text: "rats" }, "ada")).toMatchObject({
    strategy: "similar",
    params: { text: "rats" },
  });
});

it("an LLM's answers are asked for only by whoever wants to see them", () => {
  expect(nextQuery(FIRST_QUESTION, "ada").suggestions).toBe(false);
  expect(nextQuery({ ...FIRST_QUESTION, suggestions: true }, "ada").suggestions).toBe(true);
});

it("asks for one's own outdated answers", () => {
  const query = nextQuery({ ...FIRST_QUESTION, sample: "outdated" }, "ada");
  expect(query.sample).toEqual({ kind: "outdated", by: "ada" });
  expect(nextQuery(FIRST_QUESTION, "ada").sample).toEqual({ kind: "untagged" });
});

it("asks for a drawn sample in the order in which it was drawn", () => {
  const question = askedByAddress(readAsked({ drawn: "fair", strategy: "random" }));
  expect(question).toEqual({ ...FIRST_QUESTION, drawn: "fair" });
  expect(nextQuery(question ?? FIRST_QUESTION, "ada")).toMatchObject({
    strategy: null,
    filter: { drawn_sample: "fair" },
  });
  expect(nextQuery(FIRST_QUESTION, "ada").filter).toBeUndefined();
});

it("reads an address that says nothing", () => {
  expect(readAsked({ drawn: "", strategy: null })).toEqual({});
  expect(readAsked({ drawn: 2 })).toEqual({ drawn: "2" });
  expect(askedByAddress({})).toBeNull();
  expect(askedByAddress({ strategy: "llm-disagreement" })?.strategy).toBe("llm-disagreement");
});
