import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { t } from "@/shared/words/translate";
import { Notice } from "./Notice";
import classes from "./WayBack.module.css";

interface Props {
  /** What was done, or that it is undone. */
  children: ReactNode;
  /** Whether it can be undone still. */
  open: boolean;
  pending: boolean;
  error: unknown;
  onUndo: () => void;
  onClose: () => void;
}

/** What was just done, and the way back. */
export function WayBack({ children, open, pending, error, onUndo, onClose }: Props) {
  return (
    <div className={classes.done}>
      <p role="status">{children}</p>
      {open && (
        <Button autoFocus size="compact-sm" loading={pending} onClick={onUndo}>
          {t("Undo")}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={onClose}>
        {t("Close")}
      </Button>
      {error != null && <Notice error={error} />}
    </div>
  );
}
