import { describe, expect, it } from "vitest";
import {
  askedByAddress,
  FIRST_QUESTION,
  inAddress,
  nextQuery,
  type Question,
  readAsked,
  withoutFilter,
} from "./question";

const FILTER = {
  regex: "(?i)tax",
  where: [{ column: "year", op: "ge" as const, value: 2000 }],
  region: { projection: "near", box: [0, 0, 1, 2] as [number, number, number, number] },
};

it("asks as the guide says unless an order was chosen", () => {
  expect(nextQuery(FIRST_QUESTION, "ada")).toMatchObject({ strategy: null, params: {} });
  const label = { strategy: "max-probability", params: { label: "waste" } };
  expect(nextQuery(label, "ada")).toMatchObject(label);
  // What belonged to another order is not sent along.
  expect(nextQuery({ ...label, strategy: null }, "ada").params).toEqual({});
});

it("looks for texts like one only once that is written", () => {
  const question = { ...FIRST_QUESTION, strategy: "similar" };
  expect(nextQuery({ ...question, params: { text: "" } }, "ada")).toMatchObject({
    strategy: null,
    params: {},
  });
  expect(nextQuery({ ...question, params: { text: "rats" } }, "ada")).toMatchObject({
    strategy: "similar",
    params: { text: "rats" },
  });
});

it("an LLM's answers are asked for only by whoever wants to see them", () => {
  expect(nextQuery(FIRST_QUESTION, "ada").suggested_by).toBeUndefined();
  expect(nextQuery({ ...FIRST_QUESTION, suggestedBy: "m" }, "ada").suggested_by).toBe("m");
});

it("asks for one's own outdated answers, or for those of whom one names", () => {
  const outdated: Question = { ...FIRST_QUESTION, sample: "outdated" };
  expect(nextQuery(outdated, "ada").sample).toEqual({ kind: "outdated", by: "ada" });
  expect(nextQuery({ ...outdated, by: "bo" }, "ada").sample).toEqual({
    kind: "outdated",
    by: "bo",
  });
  expect(nextQuery(FIRST_QUESTION, "ada").sample).toEqual({ kind: "untagged" });
});

it("asks for the texts that pass a filter, of the split that is named", () => {
  const query = nextQuery({ ...FIRST_QUESTION, ...FILTER, split: "test" }, "ada");
  expect(query).toMatchObject({ sample: { kind: "untagged" }, filter: FILTER, split: "test" });
  expect(nextQuery({ strategy: null, label: "pro", by: "bo" }, "ada").sample).toEqual({
    kind: "tagged",
    by: "bo",
    labels: ["pro"],
    label: "pro",
  });
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

describe("an address", () => {
  it("says nothing where it has no word of texts", () => {
    expect(readAsked({ drawn: "", strategy: null, sample: "untagged" })).toEqual({});
    expect(readAsked({ drawn: 2 })).toEqual({ drawn: "2" });
    expect(askedByAddress({})).toBeNull();
    expect(askedByAddress({ strategy: "llm-disagreement" })?.strategy).toBe("llm-disagreement");
  });

  it("is understood as the table's is, and asks for texts not coded yet where it names none", () => {
    const search = { ...FILTER, split: "test", view: "map", sort: [{ by: "id" }] };
    expect(askedByAddress(readAsked(search))).toEqual({ strategy: null, ...FILTER, split: "test" });
    expect(askedByAddress(readAsked({ sample: "all" }))?.sample).toBe("all");
    expect(askedByAddress(readAsked({ label: "pro" }))).toMatchObject({ sample: "tagged" });
  });

  it("asks for no label where none can be heeded, and for no prediction without a label", () => {
    expect(readAsked({ sample: "disagreed", label: "pro" })).toEqual({ sample: "disagreed" });
    expect(readAsked({ sample: "predicted_as" })).toEqual({});
  });

  it("leads somebody else to the same question", () => {
    const question: Question = {
      ...FILTER,
      sample: "predicted_as",
      label: "pro",
      strategy: "max-probability",
      params: { label: "pro" },
    };
    const read = askedByAddress(readAsked({ ...inAddress({ ...question, suggestedBy: "m" }) }));
    // Whether an LLM may sway somebody is for them to say.
    expect(read).toEqual(question);
    expect(inAddress(FIRST_QUESTION)).toEqual({});
    // Params of an order that is not named mean nothing.
    expect(readAsked({ params: { label: "pro" } })).toEqual({});
    expect(readAsked({ strategy: "similar", params: ["rats"] })).toEqual({ strategy: "similar" });
  });
});

it("without its filter has the sample and the order", () => {
  const order = { strategy: "similar", params: { text: "rats" }, suggestedBy: "m" };
  expect(withoutFilter({ ...order, ...FILTER, sample: "tagged", by: "bo" })).toEqual({
    ...order,
    sample: "tagged",
  });
  expect(withoutFilter({ ...FIRST_QUESTION, sample: "predicted_as", label: "pro" })).toEqual(
    FIRST_QUESTION,
  );
});
