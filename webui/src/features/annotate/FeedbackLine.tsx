import { CloseButton } from "@mantine/core";
import type { Feedback } from "@/api/schema";
import { shownKey } from "@/shared/actions/action";
import { t } from "@/shared/words/translate";
import { said } from "@/shared/words/value";
import type { Deck } from "./deck";
import classes from "./Quality.module.css";

interface Props {
  feedback: Feedback | null;
  deck: Deck;
  onClose: () => void;
}

/** Whether the last known text was answered rightly. It waits for nobody and moves nothing above it. */
export function FeedbackLine({ feedback, deck, onClose }: Props) {
  const text = deck.past.find(({ element }) => element.id === feedback?.id)?.element.text ?? "";
  return (
    <div role="status" className={classes.status}>
      {feedback !== null && (
        <div className={classes.feedback} data-correct={feedback.correct}>
          <div>
            <p>
              <strong>{feedback.correct ? t("That was right.") : t("That was not right.")}</strong>{" "}
              <span dir="auto">
                {t("Right is “{{value}}”.", { value: said(feedback.right, text) })}
              </span>
            </p>
            {text !== "" && (
              <p className={classes.of} dir="auto">
                {text}
              </p>
            )}
            {feedback.note !== "" && <p dir="auto">{feedback.note}</p>}
          </div>
          <CloseButton
            aria-label={t("Close what was said of your answer")}
            aria-keyshortcuts="Escape"
            title={shownKey("escape")}
            onClick={onClose}
          />
        </div>
      )}
    </div>
  );
}
