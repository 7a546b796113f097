import type { Element } from "@/api/schema";
import { ActionButton } from "@/shared/actions/ActionButton";
import type { Action } from "@/shared/actions/action";
import { shownProbability } from "./LabelButtons";
import classes from "./SuggestionLine.module.css";

interface Props {
  suggestion: NonNullable<Element["suggestion"]>;
  text: string;
  accept: Action;
}

/** What an LLM answers, why, and the key that takes it over. */
export function SuggestionLine({ suggestion, text, accept }: Props) {
  const { labelling, confidence, justification } = suggestion;
  return (
    <section className={classes.line} aria-label="Suggestion">
      <p>
        <span className={classes.who}>{labelling} says</span>{" "}
        <strong dir="auto">{said(suggestion.value, text)}</strong>
        {confidence !== null && (
          <span className={classes.sure} title="How sure it is">
            {" "}
            {shownProbability(confidence)}
          </span>
        )}
        {justification !== "" && <span className={classes.why}> {justification}</span>}
      </p>
      <ActionButton action={accept} />
    </section>
  );
}

/** Write a value out: labels, or the passages with theirs. */
export function said(value: unknown, text: string): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value) || value.length === 0) return "none";
  return value
    .map((part) =>
      typeof part === "string"
        ? part
        : `${part.label}: \u201c${[...text].slice(part.start, part.end).join("")}\u201d`,
    )
    .join(", ");
}
