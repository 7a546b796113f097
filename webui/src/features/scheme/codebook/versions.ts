import type { CodebookLine, CodebookVersion, LabelChange } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";

/** Say who made a version and when. */
export function madeBy({ created_by, created_at }: CodebookVersion, now: number): string {
  const when = ago(created_at, now);
  return created_by === null
    ? t("from before versions were kept, {{when}}", { when })
    : t("by {{who}}, {{when}}", { who: created_by, when });
}

/** Say what was answered under a version, and what it calls into question. */
export function standingOf({ annotations, outdated, affects }: CodebookVersion): string {
  const under =
    annotations === 0
      ? t("No answer stands under it.")
      : t("{{count}} answers stand under it.", { count: annotations });
  if (outdated > 0) {
    return `${under} ${t("{{count}} answers from before it are outdated.", { count: outdated })}`;
  }
  return affects === null ? under : `${under} ${t("No answer from before it is outdated.")}`;
}

/** Say which labels mean something else by a version; nothing where none does. */
export function affectsWords({ affects }: Pick<CodebookVersion, "affects">): string | null {
  if (affects === "all") return t("Changes what every label means.");
  if (affects === null || affects.length === 0) return null;
  return t("Changes what is meant by {{labels}}.", { labels: listed(affects, t("and")) });
}

/** Say what became of a label. */
export function labelChange({ change, before, after }: LabelChange): string {
  const [old, now] = [before?.name ?? "", after?.name ?? ""];
  if (change === "added") return t("Label added: {{label}}", { label: now });
  if (change === "removed") return t("Label removed: {{label}}", { label: old });
  if (change === "renamed")
    return t("Label renamed: {{old}} is now {{label}}", { old, label: now });
  if ((after?.description ?? "") === "") {
    return t("Description of {{label}} taken away", { label: now });
  }
  return t("Description of {{label}} is now: {{description}}", {
    label: now,
    description: after?.description ?? "",
  });
}

/** A row of a comparison: a line to read, or how many that are the same were left out. */
export type Row =
  | { readonly at: number; readonly line: CodebookLine }
  | { readonly at: number; readonly left_out: number };

const AROUND = 2;

/** Leave out what is the same, but for some lines around each change. */
export function folded(lines: readonly CodebookLine[]): readonly Row[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ op }) => op !== "same"),
  );
  const rows: Row[] = [];
  for (let at = 0; at < lines.length; ) {
    const start = at;
    while (at < lines.length && near[at] === near[start]) at += 1;
    // One line takes no more room than the words that it is left out.
    if (near[start] || at - start === 1) {
      rows.push(...lines.slice(start, at).map((line, n) => ({ at: start + n, line })));
    } else rows.push({ at: start, left_out: at - start });
  }
  return rows;
}

/** Say how much of the text changed. */
export function sizeOf(lines: readonly CodebookLine[]): string {
  const [added, removed] = ["added", "removed"].map(
    (op) => lines.filter((line) => line.op === op).length,
  ) as [number, number];
  if (added + removed === 0) return t("The text is the same.");
  const parts = [
    ...(added === 0 ? [] : [t("{{count}} lines added", { count: added })]),
    ...(removed === 0 ? [] : [t("{{count}} lines removed", { count: removed })]),
  ];
  return `${listed(parts, t("and"))}.`;
}
