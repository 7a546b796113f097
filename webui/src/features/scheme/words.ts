import type { SchemeInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";

/** Say what a kind of scheme asks of a text. */
export function widgetName(widget: SchemeInfo["widget"]): string {
  if (widget === "choice") return t("One label a text.");
  if (widget === "choices") return t("Any number of labels a text.");
  return t("Labels on stretches of the text.");
}

/** Say how far the coding has come. */
export function coded(annotated: number, total: number): string {
  return t("{{annotated}} of {{total}} texts coded.", { annotated, total });
}

/** Say what an overlap means. */
export function overlapWords(overlap: number): string {
  if (overlap === 1) return t("Each text is coded once: quick, and says nothing of agreement.");
  return t("Each text goes to {{count}} people, so that their agreement can be measured.", {
    count: overlap,
  });
}

/** Say what goes with a scheme that is deleted. */
export function goesWith(texts: number, models: readonly string[], guide: boolean): string[] {
  return [
    t(
      "Its labels, its codebook and the annotations of {{count}} texts are deleted for everybody.",
      {
        count: texts,
      },
    ),
    ...(models.length === 0
      ? []
      : [t("So are the models that learnt from it: {{models}}.", { models: models.join(", ") })]),
    ...(guide ? [t("So is its guide.")] : []),
    t("This cannot be undone. Export the annotations first, if they may be needed."),
  ];
}
