import { t } from "./translate";

/** Begin a title small within a sentence: "At random" is "at random", "LLM against guide" stays. */
export function small(title: string): string {
  return /^\p{Lu}(?!\p{Lu})/u.test(title)
    ? title.replace(/^./u, (first) => first.toLowerCase())
    : title;
}

/** Write "a; b; c": parts that may have commas of their own. */
export function apart(parts: readonly string[]): string {
  const [first = "", ...rest] = parts;
  return rest.reduce((one, other) => t("{{one}}; {{other}}", { one, other }), first);
}

/** Write "a", "a and b", "a, b and c". */
export function listed(items: readonly string[], joint = t("and")): string {
  const last = items.at(-1) ?? "";
  if (items.length < 2) return last;
  return `${items.slice(0, -1).join(", ")} ${joint} ${last}`;
}
