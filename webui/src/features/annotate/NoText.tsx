import { Button } from "@mantine/core";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import classes from "./NoText.module.css";
import type { Question } from "./question";
import type { Annotating } from "./useAnnotating";

/** What stands in the text's place when there is none: why, and what can be done. */
export function NoText({ desk, question }: { desk: Annotating; question: Question }) {
  const again = (
    <Button variant="default" onClick={desk.askAgain}>
      {t("Look again")}
    </Button>
  );
  return (
    <section className={classes.none}>
      {desk.failure !== null && <Notice error={desk.failure}>{again}</Notice>}
      {desk.failure === null && !desk.deck.exhausted && <Skeleton />}
      {desk.failure === null && desk.deck.exhausted && (
        <>
          <h1>{headline(question)}</h1>
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

function headline(question: Question): string {
  if (question.drawn !== undefined) {
    return t("Every text of the sample {{sample}} is coded", { sample: question.drawn });
  }
  if (question.sample === "outdated") return t("None of your answers is outdated");
  return question.sample === "untagged" ? t("Every text here is coded") : t("No such texts now");
}
