import type { NewAnnotation, Value } from "@/api/schema";
import { t } from "@/shared/words/translate";

/** Something an annotator did that the server has not confirmed yet. */
export type Operation = Annotate | Skip | Undo | Redo;

interface Common {
  /** Names the operation; grows with time inside a tab. */
  readonly key: string;
}

export interface Annotate extends Common {
  readonly kind: "annotate";
  readonly annotation: NewAnnotation;
}

export interface Skip extends Common {
  readonly kind: "skip";
  readonly id: string;
  readonly lease: string;
}

export interface Undo extends Common {
  readonly kind: "undo";
  readonly id: string;
  /** What counted before; sent as a plain annotation where a first undo's answer was lost. */
  readonly before: Value;
  readonly tried: boolean;
}

export interface Redo extends Common {
  readonly kind: "redo";
  readonly id: string;
  /** What was taken back; sent as a plain annotation where the server cannot say it again. */
  readonly value: Value;
  readonly comment: string;
  /** Absent in what a page of an earlier version has kept. */
  readonly flagged?: boolean;
  readonly tried: boolean;
}

/** Return the id of the text that an operation is about. */
export function textOf(operation: Operation): string {
  return operation.kind === "annotate" ? operation.annotation.id : operation.id;
}

/** Say what was done, for a line about what could not be saved. */
export function described(operation: Operation): string {
  const text = textOf(operation);
  switch (operation.kind) {
    case "annotate":
      return t("Your label for text {{text}}", { text });
    case "skip":
      return t("Skipping text {{text}}", { text });
    case "undo":
      return t("Taking back text {{text}}", { text });
    case "redo":
      return t("Saying again text {{text}}", { text });
  }
}
