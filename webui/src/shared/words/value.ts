import { t } from "./translate";

/** Write a value out: labels, or the passages with theirs. */
export function said(value: unknown, text: string): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value) || value.length === 0) return t("none");
  return value
    .map((part) =>
      typeof part === "string"
        ? part
        : t("{{label}}: “{{quote}}”", {
            label: part.label,
            quote: [...text].slice(part.start, part.end).join(""),
          }),
    )
    .join(", ");
}
