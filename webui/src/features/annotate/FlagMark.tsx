import { t } from "@/shared/words/translate";
import classes from "./CommentField.module.css";

interface Props {
  flagged: boolean;
  onTakeAway: () => void;
}

/** That others are asked to look at the text; a press takes it away. */
export function FlagMark({ flagged, onTakeAway }: Props) {
  if (!flagged) return null;
  return (
    <button
      type="button"
      className={classes.closed}
      title={t("Take the flag away")}
      onClick={onTakeAway}
    >
      <span aria-hidden="true">⚑</span> {t("Flagged: others are asked to look at this text")}
    </button>
  );
}
