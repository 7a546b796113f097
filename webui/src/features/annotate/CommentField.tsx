import { t } from "@/shared/words/translate";
import classes from "./CommentField.module.css";

interface Props {
  open: boolean;
  comment: string;
  onChange: (comment: string) => void;
  onOpen: () => void;
  onClose: () => void;
}

/** A remark that is saved with the label. */
export function CommentField({ open, comment, onChange, onOpen, onClose }: Props) {
  if (!open) {
    if (comment.trim() === "") return null;
    return (
      <button type="button" className={classes.closed} onClick={onOpen}>
        <span>{t("Comment:")}</span> {comment}
      </button>
    );
  }
  return (
    <label className={classes.open}>
      {t("Comment, saved with the label")}
      <textarea
        // biome-ignore lint/a11y/noAutofocus: the annotator has just asked to write
        autoFocus
        rows={2}
        maxLength={10_000}
        dir="auto"
        value={comment}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          const done = event.key === "Escape" || (event.key === "Enter" && !event.shiftKey);
          if (!done || event.nativeEvent.isComposing) return;
          // What closes the field must not save the text as well.
          event.preventDefault();
          event.stopPropagation();
          onClose();
        }}
      />
      <small>{t("Enter when done, Shift+Enter for a new line")}</small>
    </label>
  );
}
