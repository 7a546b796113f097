import { Button, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { t } from "@/shared/words/translate";
import classes from "./DeleteByName.module.css";
import { Notice } from "./Notice";

interface Props {
  name: string;
  /** What the button says before anything is asked: "Delete this project…". */
  title: string;
  /** What goes with it. */
  children: ReactNode;
  /** Whether it can be brought back; else it is gone for good. */
  canReturn?: boolean;
  pending: boolean;
  error: unknown;
  onDelete: () => void;
}

/** Deletes what much hangs on, once somebody has typed its name. */
export function DeleteByName(props: Props) {
  const { name, title, children, canReturn = false, pending, error, onDelete } = props;
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  if (!asking) {
    return (
      <Button variant="default" c="var(--bad)" onClick={() => setAsking(true)}>
        {title}
      </Button>
    );
  }
  const sure = typed.trim() === name;
  return (
    <form
      className={classes.asking}
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        if (sure) onDelete();
      }}
    >
      {children}
      <TextInput
        label={
          canReturn
            ? t("Type {{name}} to delete it", { name })
            : t("Type {{name}} to delete it for good", { name })
        }
        value={typed}
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {error != null && <Notice error={error} />}
      <div className={classes.end}>
        <Button variant="default" onClick={() => setAsking(false)}>
          {t("Keep it")}
        </Button>
        <Button type="submit" variant="default" c="var(--bad)" disabled={!sure} loading={pending}>
          {t("Delete {{name}}", { name })}
        </Button>
      </div>
    </form>
  );
}
