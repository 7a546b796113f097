import type { Condition } from "@/api/schema";
import { t } from "@/shared/words/translate";
import type { SampleKind, Split } from "./filter";

export const SAMPLE_NAMES: Readonly<Record<SampleKind, string>> = {
  all: t("all texts"),
  untagged: t("not coded yet"),
  tagged: t("coded"),
  not_by_me: t("not coded by me"),
  assigned: t("in my tasks"),
  commented: t("with a comment"),
  flagged: t("flagged"),
  disagreed: t("disagreed on"),
  outdated: t("coded under an older codebook"),
  predicted_as: t("predicted as a label"),
  prediction_differs: t("guide differs"),
};

export const SPLIT_NAMES: Readonly<Record<Split, string>> = {
  train: t("train"),
  valid: t("valid"),
  test: t("test"),
};

const OPERATION_NAMES: Readonly<Record<Condition["op"], string>> = {
  eq: t("is"),
  ne: t("is not"),
  lt: t("below"),
  le: t("at most"),
  gt: t("above"),
  ge: t("at least"),
  in: t("is one of"),
  contains: t("contains"),
  is_null: t("is empty"),
  not_null: t("is not empty"),
};

export function operationName(op: Condition["op"]): string {
  return OPERATION_NAMES[op];
}

/** Write a condition as it is read: "year at least 2001". */
export function conditionWords({ column, op, value }: Condition): string {
  const written = Array.isArray(value) ? value.map(cell).join(", ") : cell(value);
  return [column, operationName(op), written].filter((each) => each !== "").join(" ");
}

/** Write a value of a context column. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}
