import { CloseButton, Popover } from "@mantine/core";
import type { ReactElement } from "react";
import { t } from "@/shared/words/translate";
import { JobsPanel } from "./JobsPanel";
import classes from "./JobsTray.module.css";
import { setTray, type Tray } from "./trayState";

interface Props {
  opened: boolean;
  tray: Tray;
  pending: boolean;
  error: Error | null;
  sign: ReactElement;
}

/** The panel behind the sign of the tray. */
export function TrayPopover({ opened, tray, pending, error, sign }: Props) {
  return (
    <Popover
      opened={opened}
      onChange={setTray}
      position="bottom-end"
      width="min(27rem, calc(100vw - 1rem))"
      offset={6}
      trapFocus
      returnFocus
      hideDetached={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>{sign}</Popover.Target>
      <Popover.Dropdown className={classes.dropdown ?? ""}>
        <header className={classes.head}>
          <h2>{t("Your jobs")}</h2>
          <CloseButton onClick={() => setTray(false)} aria-label={t("Close the jobs")} />
        </header>
        <JobsPanel tray={tray} pending={pending} error={error} onClose={() => setTray(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
