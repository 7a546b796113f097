import type { Element } from "@/api/schema";
import { ActionButton } from "@/shared/actions/ActionButton";
import type { Action } from "@/shared/actions/action";
import { shownProbability } from "@/shared/coding/LabelButtons";
import { t } from "@/shared/words/translate";
import { said } from "@/shared/words/value";
import classes from "./SuggestionLine.module.css";

interface Props {
  suggestion: NonNullable<Element["suggestion"]>;
  text: string;
  accept: Action;
}

/** What an LLM or a model answers, why, and the key that takes it over. */
export function SuggestionLine({ suggestion, text, accept }: Props) {
  const { by, confidence, justification } = suggestion;
  return (
    <section className={classes.line} aria-label={t("Suggestion")}>
      <p>
        <span className={classes.who}>{t("{{name}} says", { name: by })}</span>{" "}
        <strong dir="auto">{said(suggestion.value, text)}</strong>
        {confidence !== null && (
          <span className={classes.sure} title={t("How sure it is")}>
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
