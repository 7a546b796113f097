import { expect, it } from "vitest";
import { fieldsOf } from "./schema";

/** As the server writes it for a component. */
const SCHEMA = {
  title: "Params",
  type: "object",
  properties: {
    dim: {
      description: "Number of dimensions",
      "x-mode": "easy",
      type: "integer",
      minimum: 2,
      maximum: 2000,
      default: 200,
    },
    max_df: { "x-mode": "medium", type: "number", exclusiveMinimum: 0, maximum: 1, default: 1.0 },
    unit: { "x-mode": "easy", enum: ["character", "word"], default: "word" },
    sublinear: { "x-mode": "pro", type: "boolean", default: true },
    prompt: { anyOf: [{ type: "string", maxLength: 2000 }, { type: "null" }], default: null },
    label: { "x-mode": "easy", type: "string", minLength: 1 },
    features: { type: "array", items: { type: "string" }, minItems: 1 },
    layers: { type: "array", items: { type: "integer" }, default: [] },
    splits: { type: "array", items: { enum: ["train", "test"] }, default: ["train"] },
    inner: { "x-mode": "medium", $ref: "#/$defs/Inner" },
    maybe: { anyOf: [{ $ref: "#/$defs/Inner" }, { type: "null" }], default: null },
    free: { type: "object", default: {} },
    either: { anyOf: [{ type: "string" }, { type: "integer" }] },
    pairs: { type: "array", items: { type: "object" } },
  },
  required: ["label", "features"],
  additionalProperties: false,
  $defs: {
    Inner: {
      type: "object",
      description: "What it is.",
      properties: { size: { type: "integer", default: 3 }, again: { $ref: "#/$defs/Inner" } },
    },
  },
};

const fields = Object.fromEntries(fieldsOf(SCHEMA).map((field) => [field.name, field]));

it("keeps the schema's order", () => {
  expect(Object.keys(fields)).toEqual(Object.keys(SCHEMA.properties));
});

it("takes name, description, mode, default and bounds from the schema", () => {
  expect(fields.dim).toEqual({
    name: "dim",
    title: "Dim",
    description: "Number of dimensions",
    mode: "easy",
    required: false,
    nullable: false,
    initial: 200,
    kind: "number",
    whole: true,
    min: 2,
    max: 2000,
    above: Number.NEGATIVE_INFINITY,
    below: Number.POSITIVE_INFINITY,
  });
  expect(fields.max_df).toMatchObject({ title: "Max df", mode: "medium", above: 0, max: 1 });
  expect(fields.label).toMatchObject({ required: true, initial: undefined, minLength: 1 });
});

it("finds the kind of input for each type", () => {
  const kinds = Object.fromEntries(Object.values(fields).map(({ name, kind }) => [name, kind]));
  expect(kinds).toEqual({
    dim: "number",
    max_df: "number",
    unit: "choice",
    sublinear: "switch",
    prompt: "text",
    label: "text",
    features: "several",
    layers: "several",
    splits: "several",
    inner: "group",
    maybe: "group",
    free: "json",
    either: "json",
    pairs: "json",
  });
  expect(fields.layers).toMatchObject({ numbers: true, options: null });
  expect(fields.splits).toMatchObject({ numbers: false, options: ["train", "test"] });
});

it("knows what may be left empty", () => {
  expect(fields.prompt).toMatchObject({ nullable: true, initial: null, maxLength: 2000 });
  expect(fields.dim?.nullable).toBe(false);
});

it("shows what is inside a group as the group is shown, and ends a definition of itself", () => {
  const inner = fields.inner;
  if (inner?.kind !== "group") throw new Error("no group");
  expect(inner.description).toBe("What it is.");
  expect(inner.fields.map(({ name, mode }) => [name, mode])).toEqual([
    ["size", "medium"],
    ["again", "medium"],
  ]);
});

it.each([undefined, null, {}, { type: "object" }, "x"])("has no field for %j", (schema) => {
  expect(fieldsOf(schema)).toEqual([]);
});
