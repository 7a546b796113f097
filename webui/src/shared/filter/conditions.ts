import type { Condition } from "@/api/schema";

/** What a context column holds, as far as the texts that were seen tell. */
export type Kind = "number" | "boolean" | "date" | "moment" | "text";

type Operation = Condition["op"];

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** Tell from some of a column's values what it holds; text where nothing is known. */
export function kindOf(values: readonly unknown[]): Kind {
  const there = values.filter((value) => value !== null && value !== undefined);
  const all = (fits: (value: unknown) => boolean) => there.length > 0 && there.every(fits);
  if (all((value) => typeof value === "number")) return "number";
  if (all((value) => typeof value === "boolean")) return "boolean";
  if (all((value) => typeof value === "string" && DAY.test(value))) return "date";
  if (all((value) => typeof value === "string" && MOMENT.test(value))) return "moment";
  return "text";
}

const ALL: readonly Operation[] = [
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "in",
  "contains",
  "is_null",
  "not_null",
];

/** Whether something out of an address is a condition. */
export function isCondition(value: unknown): value is Condition {
  if (typeof value !== "object" || value === null) return false;
  const { column, op } = value as Partial<Condition>;
  return typeof column === "string" && op !== undefined && ALL.includes(op);
}

const ORDERED: readonly Operation[] = ["eq", "ne", "lt", "le", "gt", "ge", "is_null", "not_null"];

const OPERATIONS: Readonly<Record<Kind, readonly Operation[]>> = {
  number: ORDERED,
  date: ORDERED,
  moment: ["ge", "lt", "is_null", "not_null"],
  boolean: ["eq", "is_null", "not_null"],
  text: ["contains", "eq", "ne", "in", "is_null", "not_null"],
};

/** What can be asked of a column. */
export function operationsOf(kind: Kind): readonly Operation[] {
  return OPERATIONS[kind];
}

export function needsValue(op: Operation): boolean {
  return op !== "is_null" && op !== "not_null";
}

/** Make a condition of what was written; null where that is no value of the column's kind. */
export function condition(
  column: string,
  kind: Kind,
  op: Operation,
  written: string,
): Condition | null {
  if (!needsValue(op)) return { column, op, value: null };
  const trimmed = written.trim();
  if (trimmed === "") return null;
  if (op === "in") {
    const values = trimmed.split(",").map((each) => each.trim());
    return { column, op, value: values.filter((each) => each !== "") };
  }
  if (kind === "boolean") return { column, op, value: trimmed === "true" };
  if (kind !== "number") return { column, op, value: trimmed };
  const value = Number(trimmed);
  return Number.isFinite(value) ? { column, op, value } : null;
}
