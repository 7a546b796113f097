import { figure } from "@/shared/words/number";
import { t, told } from "@/shared/words/translate";
import type { Field, Json, Mode } from "./schema";

/** What was put into a form, by the name of the field. A field that is absent was left alone. */
export type Draft = { readonly [name: string]: Json };

/** What is wrong, by the name of the field; of a field in a group by `group.field`. */
export type FieldErrors = Readonly<Record<string, string>>;

const RANK: Readonly<Record<Mode, number>> = { easy: 0, medium: 1, pro: 2 };

/** Return what a field shows: what was put in, or what counts where nothing is. */
export function valueIn(field: Field, draft: Draft): Json {
  const given = draft[field.name];
  if (given !== undefined) return given;
  if (field.initial === undefined) return blank(field);
  return field.kind === "json" ? JSON.stringify(field.initial, null, 2) : field.initial;
}

function blank(field: Field): Json {
  if (field.kind === "switch") return false;
  if (field.kind === "several") return [];
  if (field.kind === "group") return {};
  return field.kind === "number" || field.kind === "choice" ? null : "";
}

/** Split fields into those that a mode shows and those that it decides. */
export function sorted(
  fields: readonly Field[],
  mode: Mode,
  draft: Draft,
  errors: FieldErrors,
): { shown: readonly Field[]; chosen: readonly Field[] } {
  const isShown = (field: Field) =>
    RANK[field.mode] <= RANK[mode] ||
    // What must be filled in, was changed or is wrong cannot be left out of sight.
    (field.required && field.initial === undefined) ||
    draft[field.name] !== undefined ||
    Object.keys(errors).some((name) => name === field.name || name.startsWith(`${field.name}.`));
  return {
    shown: fields.filter(isShown),
    chosen: fields.filter((field) => !isShown(field)),
  };
}

/**
 * Read a draft: the params to send, and what is wrong with it.
 *
 * Only what the schema knows is sent, and of that only what differs from the default, which is
 * the server's to know.
 */
export function readDraft(
  fields: readonly Field[],
  draft: Draft,
): { params: { readonly [name: string]: Json }; errors: FieldErrors } {
  const params: Record<string, Json> = {};
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const given = draft[field.name];
    if (field.kind === "group") {
      const inside = readDraft(field.fields, asDraft(given));
      for (const [name, error] of Object.entries(inside.errors)) {
        errors[`${field.name}.${name}`] = error;
      }
      const touched = Object.keys(inside.params).length > 0;
      if (touched || (field.required && field.initial === undefined)) {
        params[field.name] = inside.params;
      }
      continue;
    }
    const read = readValue(field, given);
    if ("error" in read) errors[field.name] = read.error;
    else if (read.value !== undefined && !same(read.value, field.initial)) {
      params[field.name] = read.value;
    }
  }
  return { params, errors };
}

/** Return a group's part of a draft. */
export function asDraft(value: Json | undefined): Draft {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Draft) : {};
}

type Read = { readonly value: Json | undefined } | { readonly error: string };

function readValue(field: Exclude<Field, { kind: "group" }>, given: Json | undefined): Read {
  if (given === undefined || isBlank(field, given)) return readBlank(field, given);
  switch (field.kind) {
    case "text":
      return checked(given, textError(field, String(given)));
    case "number": {
      const number = typeof given === "number" ? given : Number(given);
      return checked(number, numberError(field, number));
    }
    case "several": {
      const items = given as readonly Json[];
      const values = field.numbers ? items.map(Number) : items;
      return checked(values, severalError(field, values));
    }
    case "json":
      return readJson(String(given));
    default:
      return { value: given };
  }
}

function readBlank(field: Field, given: Json | undefined): Read {
  if (field.nullable) return { value: given === undefined ? undefined : null };
  if (given === undefined && field.initial !== undefined) return { value: undefined };
  if (field.kind === "text" && field.minLength === 0 && field.pattern === null) {
    return { value: given === undefined ? undefined : "" };
  }
  if (field.kind === "several" && field.minItems === 0) {
    return { value: given === undefined ? undefined : [] };
  }
  if (field.kind === "switch") return { value: given };
  return field.required || given !== undefined
    ? { error: t("Fill this in.") }
    : { value: undefined };
}

function isBlank(field: Field, given: Json): boolean {
  if (field.kind === "several") return Array.isArray(given) && given.length === 0;
  return given === "" || given === null;
}

function checked(value: Json, error: string | null): Read {
  return error === null ? { value } : { error };
}

function textError(field: Extract<Field, { kind: "text" }>, value: string): string | null {
  if (value.length < field.minLength) {
    return t("At least {{count}} characters.", { count: field.minLength });
  }
  if (value.length > field.maxLength) {
    return t("At most {{count}} characters.", { count: field.maxLength });
  }
  if (field.pattern !== null && !matches(field.pattern, value)) {
    return t("This does not fit the pattern {{pattern}}", { pattern: field.pattern });
  }
  return null;
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    // A pattern that only the server's language knows is the server's to apply.
    return true;
  }
}

function numberError(field: Extract<Field, { kind: "number" }>, value: number): string | null {
  if (!Number.isFinite(value)) return t("Give a number.");
  if (field.whole && !Number.isInteger(value)) return t("Give a whole number.");
  if (value < field.min) return t("At least {{n}}.", { n: field.min });
  if (value > field.max) return t("At most {{n}}.", { n: field.max });
  if (value <= field.above) return t("More than {{n}}.", { n: field.above });
  if (value >= field.below) return t("Less than {{n}}.", { n: field.below });
  return null;
}

function severalError(
  field: Extract<Field, { kind: "several" }>,
  values: readonly Json[],
): string | null {
  if (values.length < field.minItems) return t("At least {{n}}.", { n: field.minItems });
  if (values.length > field.maxItems) return t("At most {{n}}.", { n: field.maxItems });
  return field.numbers && values.some(Number.isNaN) ? t("Give numbers.") : null;
}

function readJson(given: string): Read {
  try {
    return { value: JSON.parse(given) as Json };
  } catch {
    return { error: t("This is not JSON.") };
  }
}

function same(a: Json, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Write an option of a field as the reader's language says it. */
export function shownOption(field: Field, option: string | number): string {
  const named = (field.kind === "choice" || field.kind === "several") && field.named === true;
  return named ? String(option) : told(String(option));
}

/** Write a field's value as it is told to whoever did not choose it. */
export function shownIn(field: Field, value: Json | undefined): string {
  const worded = field.kind === "choice" || (field.kind === "several" && field.options !== null);
  if (worded && typeof value === "string" && value !== "") return shownOption(field, value);
  if (worded && Array.isArray(value) && value.length > 0) {
    return value.map((each) => shownOption(field, String(each))).join(", ");
  }
  return shownValue(value);
}

export function shownValue(value: Json | undefined): string {
  if (value === undefined || value === null || value === "") return t("no value");
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  if (typeof value === "number") return figure(value);
  if (Array.isArray(value))
    return value.length === 0 ? t("no value") : value.map(shownValue).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Return the draft that would lead to these params: what differs from the defaults. */
export function draftOf(
  fields: readonly Field[],
  params: { readonly [name: string]: unknown },
): Draft {
  const draft: Record<string, Json> = {};
  for (const field of fields) {
    const value = params[field.name] as Json | undefined;
    if (value === undefined || same(value, field.initial)) continue;
    if (field.kind === "group") {
      const inside = draftOf(field.fields, asDraft(value));
      if (Object.keys(inside).length > 0) draft[field.name] = inside;
    } else draft[field.name] = field.kind === "json" ? JSON.stringify(value, null, 2) : value;
  }
  return draft;
}
