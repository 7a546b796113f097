import { Button, Modal } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { t } from "@/shared/words/translate";
import classes from "./Codebook.module.css";

/** Warns whoever leaves with a text that only this browser knows. */
export function LeaveDialog({ unsaved }: { unsaved: boolean }) {
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => unsaved && current.pathname !== next.pathname,
    enableBeforeUnload: () => unsaved,
    withResolver: true,
  });
  return (
    <Modal
      opened={leaving.status === "blocked"}
      onClose={() => leaving.reset?.()}
      title={t("The codebook is not saved")}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <p className={classes.leaving}>
        {t("Nobody else sees what you wrote. It is kept in this browser until you come back.")}
      </p>
      <div className={classes.end}>
        <Button variant="default" onClick={() => leaving.proceed?.()}>
          {t("Leave it as a draft")}
        </Button>
        <Button data-autofocus onClick={() => leaving.reset?.()}>
          {t("Stay here")}
        </Button>
      </div>
    </Modal>
  );
}
