import type { components } from "./generated";

type Schemas = components["schemas"];

export type ComponentInfo = Schemas["ComponentInfo"];
export type Element = Schemas["Element"];
export type GuideInfo = Schemas["GuideInfo"];
export type LabelInfo = Schemas["LabelInfo"];
export type NewAnnotation = Schemas["NewAnnotation"];
export type ProjectConfig = Schemas["ProjectConfig"];
export type NewScheme = Schemas["NewScheme"];
export type NextQuery = Schemas["NextQuery"];
export type NextTexts = Schemas["NextTexts"];
export type ProjectInfo = Schemas["ProjectInfo"];
export type ProjectState = Schemas["ProjectState"];
export type SchemeInfo = Schemas["SchemeInfo"];
export type Undone = Schemas["Undone"];

/** A stretch of a text, in characters (code points) as the server counts them; half-open. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** A coded value: one label, several, spans, or none yet. The scheme's widget says which. */
export type Value = string | readonly string[] | readonly Span[] | null;
