import type { CodebookVersion, Element } from "@/api/schema";

type Given = Element["annotations"][number];

/** Find the versions after an answer that changed what it means, newest first. */
export function changesSince(
  versions: readonly CodebookVersion[],
  { codebook, value }: Pick<Given, "codebook" | "value">,
): readonly CodebookVersion[] {
  const later = versions.filter(
    ({ number, affects }) => number > (codebook ?? 0) && affects !== null && affects.length > 0,
  );
  const own = later.filter(
    ({ affects }) => affects === "all" || labelsIn(value).some((name) => affects?.includes(name)),
  );
  // A label may have another name by now; then each of them may be meant.
  return own.length > 0 ? own : later;
}

function labelsIn(value: unknown): readonly string[] {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return parts.flatMap((part) => {
    if (typeof part === "string") return [part];
    const label = typeof part === "object" && part !== null ? Reflect.get(part, "label") : null;
    return typeof label === "string" ? [label] : [];
  });
}
