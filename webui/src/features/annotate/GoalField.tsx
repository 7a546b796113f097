import { useState } from "react";
import { t } from "@/shared/words/translate";
import classes from "./GoalField.module.css";
import { goalOf } from "./goal";

interface Props {
  texts: number | null;
  onChoose: (texts: number | null) => void;
  onClose: () => void;
}

/** Asks for how many texts somebody wants to code now. */
export function GoalField({ texts, onChoose, onClose }: Props) {
  const [written, setWritten] = useState(texts === null ? "" : String(texts));
  const given = goalOf(written);
  const wrong = written.trim() !== "" && given === null;
  return (
    <form
      className={classes.goal}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong) return;
        onChoose(given);
        onClose();
      }}
    >
      <label>
        {t("Goal for this session, in texts")}
        <input
          // biome-ignore lint/a11y/noAutofocus: the annotator has just asked to write
          autoFocus
          inputMode="numeric"
          value={written}
          aria-invalid={wrong}
          onChange={(event) => setWritten(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            onClose();
          }}
        />
      </label>
      <small role={wrong ? "alert" : undefined}>
        {wrong ? t("A whole number, at least 1.") : t("Enter sets it; left empty there is none.")}
      </small>
    </form>
  );
}
