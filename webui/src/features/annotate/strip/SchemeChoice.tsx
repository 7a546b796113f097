import { Checkbox, Popover } from "@mantine/core";
import type { ReactElement } from "react";
import type { SchemeInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";
import { MOST } from "../further";
import classes from "./FurtherSchemes.module.css";

interface Props {
  schemes: readonly SchemeInfo[];
  shown: readonly string[];
  opened: boolean;
  target: ReactElement;
  onClose: () => void;
  onToggle: (name: string) => void;
}

/** The list of schemes to tick. */
export function SchemeChoice({ schemes, shown, opened, target, onClose, onToggle }: Props) {
  return (
    // Once it is closed the keys are for coding again: Enter would only open it anew.
    <Popover
      opened={opened}
      onChange={(open) => !open && onClose()}
      position="bottom-start"
      width={240}
      trapFocus
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown aria-label={t("Code at the same time")}>
        <div className={classes.list}>
          {schemes.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={<span dir="auto">{name}</span>}
              checked={shown.includes(name)}
              disabled={!shown.includes(name) && shown.length >= MOST}
              onChange={() => onToggle(name)}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
