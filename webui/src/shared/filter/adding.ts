import type { Condition } from "@/api/schema";
import { containing } from "@/shared/words/regex";
import { condition, type Kind, operationsOf } from "./conditions";
import type { TextFilter } from "./filter";

/** What a condition can be about: the text, what was said or is predicted of it, or its context. */
export type Subject =
  | { readonly about: "text" }
  | { readonly about: "label" | "person" | "prediction"; readonly names: readonly string[] }
  | { readonly about: "column"; readonly name: string; readonly kind: Kind };

/** How the text is looked through, beside what columns are asked. */
export type Operation = Condition["op"] | "matches";

/** A subject's value in a list of them. */
export function subjectKey(subject: Subject): string {
  return subject.about === "column" ? `column:${subject.name}` : subject.about;
}

/** What can be asked of a subject; nothing where there is but one thing to ask. */
export function operationsFor(subject: Subject): readonly Operation[] {
  if (subject.about === "text") return ["contains", "matches"];
  return subject.about === "column" ? operationsOf(subject.kind) : [];
}

/**
 * Add what was written to a filter; null where it is no value of the subject's kind.
 *
 * The server takes one expression, one label and one person: another takes the place of the first.
 */
export function added<F extends TextFilter>(
  filter: F,
  subject: Subject,
  op: Operation,
  written: string,
): F | null {
  if (subject.about === "column") {
    if (op === "matches") return null;
    const made = condition(subject.name, subject.kind, op, written);
    return made === null ? null : { ...filter, where: withCondition(filter.where ?? [], made) };
  }
  // Spaces around a pattern may be meant; around words they are slips.
  const value = op === "matches" ? written : written.trim();
  if (value.trim() === "") return null;
  switch (subject.about) {
    case "text":
      return { ...filter, regex: op === "matches" ? value : containing(value) };
    case "label":
      return { ...filter, sample: "tagged", label: value };
    case "person": {
      const { label, ...rest } = filter;
      // The label of a prediction is nobody's answer.
      const kept = label === undefined || filter.sample === "predicted_as" ? {} : { label };
      const sample = filter.sample === "outdated" ? "outdated" : "tagged";
      return { ...rest, ...kept, sample, by: value } as F;
    }
    case "prediction": {
      const { by: _, ...rest } = filter;
      return { ...rest, sample: "predicted_as", label: value } as F;
    }
  }
}

/** To say the same once more changes nothing. */
function withCondition(where: readonly Condition[], made: Condition): readonly Condition[] {
  const again = where.some((each) => JSON.stringify(each) === JSON.stringify(made));
  return again ? where : [...where, made];
}
