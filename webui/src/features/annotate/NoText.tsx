import { Button } from "@mantine/core";
import { ActionButton } from "@/shared/actions/ActionButton";
import type { Action } from "@/shared/actions/action";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import classes from "./NoText.module.css";
import { type Question, sampleOf } from "./question";
import type { Annotating } from "./useAnnotating";

interface Props {
  desk: Annotating;
  question: Question;
  /** Takes a filter away; disabled where there is none. */
  clear: Action;
}

/** What stands in the text's place when there is none: why, and what can be done. */
export function NoText({ desk, question, clear }: Props) {
  const again = (
    <div className={classes.ways}>
      <Button variant="default" onClick={desk.askAgain}>
        {t("Look again")}
      </Button>
      {clear.disabled !== true && <ActionButton action={clear} />}
    </div>
  );
  return (
    <section className={classes.none}>
      {desk.failure !== null && <Notice error={desk.failure}>{again}</Notice>}
      {desk.failure === null && !desk.deck.exhausted && <Skeleton />}
      {desk.failure === null && desk.deck.exhausted && (
        <>
          <h1>{headline(question, clear.disabled !== true)}</h1>
          <p>
            {t(
              "Texts that others have in hand come back after some minutes if they leave them. Another choice of texts above may have more.",
            )}
          </p>
          {again}
        </>
      )}
    </section>
  );
}

function headline(question: Question, filtered: boolean): string {
  if (question.drawn !== undefined) {
    return t("Every text of the sample {{sample}} is coded", { sample: question.drawn });
  }
  if (filtered) return t("No text that passes the filter is left");
  const sample = sampleOf(question);
  if (sample === "outdated") return t("None of your answers is outdated");
  return sample === "untagged" ? t("Every text here is coded") : t("No such texts now");
}
