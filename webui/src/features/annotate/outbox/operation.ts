import type { NewAnnotation, Value } from "@/api/schema";

/** Something an annotator did that the server has not confirmed yet. */
export type Operation = Annotate | Skip | Undo;

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

/** Return the id of the text that an operation is about. */
export function textOf(operation: Operation): string {
  return operation.kind === "annotate" ? operation.annotation.id : operation.id;
}

/** Say what was done, for a line about what could not be saved. */
export function described(operation: Operation): string {
  const verb = { annotate: "Your label for", skip: "Skipping", undo: "Taking back" };
  return `${verb[operation.kind]} text ${textOf(operation)}`;
}
