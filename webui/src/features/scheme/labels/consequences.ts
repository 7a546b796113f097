import type { LabelCount, SchemeInfo } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { t } from "@/shared/words/translate";

type Widget = SchemeInfo["widget"];

/** How many texts count as a label, in all splits. */
export function total(count: LabelCount | undefined): number {
  return count === undefined ? 0 : count.train + count.valid + count.test;
}

/** Find a label's count. */
export function countOf(counts: readonly LabelCount[], label: string): LabelCount | undefined {
  return counts.find((each) => each.label === label);
}

/** Say how many texts count as a label, and in which splits where there are several. */
export function concerned(counts: readonly LabelCount[], label: string): string {
  const count = countOf(counts, label);
  const texts = t("{{count}} texts count as {{label}}", { count: total(count), label });
  if (count === undefined) return `${texts}.`;
  const parts = [
    ...(count.train === 0 ? [] : [t("{{n}} to code", { n: count.train })]),
    ...(count.valid === 0 ? [] : [t("{{n}} to validate", { n: count.valid })]),
    ...(count.test === 0 ? [] : [t("{{n}} to test", { n: count.test })]),
  ];
  return parts.length < 2
    ? `${texts}.`
    : t("{{texts}}: {{parts}}.", { texts, parts: listed(parts) });
}

/** Say what merging `gone` into `into` does to the texts. */
export function merging(
  counts: readonly LabelCount[],
  gone: readonly string[],
  into: string,
  widget: Widget,
): readonly string[] {
  const moving = gone.reduce((sum, label) => sum + total(countOf(counts, label)), 0);
  const there = total(countOf(counts, into));
  const then =
    widget === "choice"
      ? t("{{count}} texts then count as {{into}}, which {{n}} do now.", {
          count: moving + there,
          into,
          n: there,
        })
      : t("At most {{count}} texts then count as {{into}}, which {{n}} do now.", {
          count: moving + there,
          into,
          n: there,
        });
  return [
    ...gone.map((label) => concerned(counts, label)),
    then,
    t("This holds for every annotator's answers. None is rewritten, so that it can be undone."),
  ];
}

/** Say what deleting a label does to the texts. */
export function deleting(
  counts: readonly LabelCount[],
  label: string,
  widget: Widget,
): readonly string[] {
  if (total(countOf(counts, label)) === 0) {
    return [t("No text counts as {{label}}: nothing else changes.", { label })];
  }
  return [
    concerned(counts, label),
    lost(widget),
    t("This holds for every annotator's answers. None is rewritten, so that it can be undone."),
  ];
}

function lost(widget: Widget): string {
  if (widget === "choice") {
    return t("They are without a label then, and are to be coded again. To keep them, merge.");
  }
  if (widget === "choices") return t("They lose it and keep their other labels.");
  return t("The passages with it disappear from them; other passages stay.");
}
