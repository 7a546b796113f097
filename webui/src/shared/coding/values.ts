import type { Span, Value } from "@/api/schema";

/** Return a draft's labels; of a value of another kind, none. */
export function labelsOf(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  return (value ?? []).filter((item) => typeof item === "string");
}

/** Return a draft's spans. */
export function spansOf(value: Value): readonly Span[] {
  if (value === null || typeof value === "string") return [];
  return value.filter((item) => typeof item !== "string");
}
