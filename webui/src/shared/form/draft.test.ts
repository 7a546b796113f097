import { describe, expect, it } from "vitest";
import { problemFrom } from "@/api/problem";
import { type Draft, draftOf, readDraft, shownValue, sorted, valueIn } from "./draft";
import { type Field, fieldsOf } from "./schema";
import { paramRefusal, requestRefusal } from "./serverErrors";

const fields = fieldsOf({
  type: "object",
  properties: {
    dim: { "x-mode": "easy", type: "integer", minimum: 2, maximum: 2000, default: 200 },
    share: { "x-mode": "medium", type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
    unit: { "x-mode": "easy", enum: ["character", "word"], default: "word" },
    sublinear: { "x-mode": "pro", type: "boolean", default: true },
    prompt: { "x-mode": "pro", anyOf: [{ type: "string" }, { type: "null" }], default: null },
    depth: {
      "x-mode": "pro",
      anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }],
      default: 5,
    },
    label: { "x-mode": "pro", type: "string", minLength: 1, pattern: "^[a-z]+$" },
    layers: {
      "x-mode": "pro",
      type: "array",
      items: { type: "integer" },
      maxItems: 3,
      default: [],
    },
    inner: {
      "x-mode": "pro",
      type: "object",
      properties: { size: { type: "integer", minimum: 1, default: 3 } },
      default: {},
    },
    free: { "x-mode": "pro", type: "object", default: { a: 1 } },
  },
  required: ["label"],
});

const FILLED: Draft = { label: "x" };

function named(name: string): Field {
  const field = fields.find((each) => each.name === name);
  if (field === undefined) throw new Error(name);
  return field;
}

describe("what is sent", () => {
  it("is what differs from the defaults, and what is asked for without one", () => {
    expect(readDraft(fields, FILLED)).toEqual({ params: { label: "x" }, errors: {} });
    const draft = { ...FILLED, dim: 50, unit: "word", sublinear: false, share: "0.5" };
    expect(readDraft(fields, draft).params).toEqual({
      label: "x",
      dim: 50,
      sublinear: false,
      share: 0.5,
    });
  });

  it("is never what the schema does not know", () => {
    expect(readDraft(fields, { ...FILLED, unknown: 1, constructor: 2 }).params).toEqual({
      label: "x",
    });
  });

  it("is null where a field that may be empty was emptied", () => {
    expect(readDraft(fields, { ...FILLED, depth: "" }).params).toEqual({ label: "x", depth: null });
    expect(readDraft(fields, { ...FILLED, prompt: "" }).params).toEqual({ label: "x" });
  });

  it("is of the type that the schema says", () => {
    const draft = { ...FILLED, layers: ["8", "16"], inner: { size: "4" }, free: '{"b": [1]}' };
    expect(readDraft(fields, draft).params).toEqual({
      label: "x",
      layers: [8, 16],
      inner: { size: 4 },
      free: { b: [1] },
    });
  });
});

it.each([
  [{}, "label", "Fill this in."],
  [{ label: "" }, "label", "Fill this in."],
  [{ label: "X" }, "label", "This does not fit the pattern ^[a-z]+$"],
  [{ ...FILLED, dim: 1 }, "dim", "At least 2."],
  [{ ...FILLED, dim: 2001 }, "dim", "At most 2,000."],
  [{ ...FILLED, dim: 2.5 }, "dim", "Give a whole number."],
  [{ ...FILLED, dim: "-" }, "dim", "Give a number."],
  [{ ...FILLED, dim: "" }, "dim", "Fill this in."],
  [{ ...FILLED, share: 0 }, "share", "More than 0."],
  [{ ...FILLED, share: 1 }, "share", "Less than 1."],
  [{ ...FILLED, depth: 0 }, "depth", "At least 1."],
  [{ ...FILLED, layers: ["1", "2", "3", "4"] }, "layers", "At most 3."],
  [{ ...FILLED, layers: ["many"] }, "layers", "Give numbers."],
  [{ ...FILLED, inner: { size: 0 } }, "inner.size", "At least 1."],
  [{ ...FILLED, free: "{" }, "free", "This is not JSON."],
])("says what is wrong with %j", (draft, name, error) => {
  expect(readDraft(fields, draft as Draft).errors).toEqual({ [name]: error });
});

describe("a mode", () => {
  const names = (list: readonly Field[]) => list.map(({ name }) => name);

  it("shows its fields, and those that must be filled in", () => {
    expect(names(sorted(fields, "easy", {}, {}).shown)).toEqual(["dim", "unit", "label"]);
    expect(names(sorted(fields, "medium", {}, {}).shown)).toEqual([
      "dim",
      "share",
      "unit",
      "label",
    ]);
    expect(sorted(fields, "pro", {}, {}).chosen).toEqual([]);
  });

  it("does not hide what was changed or is wrong", () => {
    const { shown } = sorted(fields, "easy", { sublinear: false }, { "inner.size": "At least 1." });
    expect(names(shown)).toEqual(["dim", "unit", "sublinear", "label", "inner"]);
  });
});

it("shows what was put in, else the default, and JSON as it is written", () => {
  expect(valueIn(named("dim"), {})).toBe(200);
  expect(valueIn(named("dim"), { dim: "" })).toBe("");
  expect(valueIn(named("prompt"), { prompt: null })).toBeNull();
  expect(valueIn(named("label"), {})).toBe("");
  expect(valueIn(named("free"), {})).toBe('{\n  "a": 1\n}');
});

it("tells values in words", () => {
  expect([true, false, null, "", [], [1, 2], "word", 20_000].map(shownValue)).toEqual([
    "yes",
    "no",
    "no value",
    "no value",
    "no value",
    "1, 2",
    "word",
    "20,000",
  ]);
});

describe("a refusal of the server", () => {
  const refused = (body: object) => problemFrom(422, body);
  const invalid = { type: "/problems/invalid-params", detail: "params.dim: Expected `int` >= 2" };

  it("stands at the param that it names", () => {
    const refusal = paramRefusal(refused({ ...invalid, field: "dim" }), fields);
    expect(refusal).toEqual({ errors: { dim: "Expected `int` >= 2" }, rest: null });
    const inner = { ...invalid, field: "inner.size", detail: "params.inner.size: no" };
    expect(paramRefusal(refused(inner), fields).errors).toEqual({ "inner.size": "no" });
    const item = { ...invalid, field: "layers[1]", detail: "params.layers[1]: no" };
    expect(paramRefusal(refused(item), fields).errors).toEqual({ layers: "no" });
  });

  it("stands below the form where it names none of its fields", () => {
    const body = { ...invalid, detail: "params: Object contains unknown field `foo`" };
    const { errors, rest } = paramRefusal(refused(body), fields);
    expect(errors).toEqual({});
    expect(rest?.detail).toMatch(/unknown field/);
  });

  it("of the request's own field is not taken for a param of that name", () => {
    const fieldsWithName = fieldsOf({ properties: { name: { type: "string" } } });
    const body = { type: "/problems/invalid-request", detail: "body name: bad", field: "name" };
    const { errors, rest } = paramRefusal(refused(body), fieldsWithName);
    expect(errors).toEqual({});
    expect(requestRefusal(rest, ["name"])).toEqual({ errors: { name: "bad" }, rest: null });
  });
});

describe("a draft from params", () => {
  it("leads to the same params, and touches nothing that was left at its default", () => {
    const params = {
      label: "x",
      dim: 50,
      unit: "word",
      prompt: null,
      depth: null,
      layers: [1],
      inner: { size: 4 },
      free: { b: 2 },
    };
    const draft = draftOf(fields, params);
    expect(Object.keys(draft).sort()).toEqual(["depth", "dim", "free", "inner", "label", "layers"]);
    expect(readDraft(fields, draft)).toEqual({
      params: { label: "x", dim: 50, depth: null, layers: [1], inner: { size: 4 }, free: { b: 2 } },
      errors: {},
    });
  });

  it("is empty where all is as it would be", () => {
    expect(draftOf(fields, { dim: 200, inner: { size: 3 }, free: { a: 1 } })).toEqual({});
  });
});
