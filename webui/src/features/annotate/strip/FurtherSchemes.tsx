import { Checkbox, Popover } from "@mantine/core";
import { useState } from "react";
import type { SchemeInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";
import { MOST, toggledScheme } from "../further";
import classes from "./FurtherSchemes.module.css";

interface Props {
  schemes: readonly SchemeInfo[];
  chosen: readonly string[];
  onChange: (names: readonly string[]) => void;
}

/** Which schemes are coded beside the first; nothing where there is no other. */
export function FurtherSchemes({ schemes, chosen, onChange }: Props) {
  // Each choice begins another desk, which reserves texts of its own: it counts once all is ticked.
  const [ticked, setTicked] = useState<readonly string[] | null>(null);
  if (schemes.length === 0) return null;
  const close = () => {
    setTicked(null);
    if (ticked !== null && ticked.join("/") !== chosen.join("/")) onChange(ticked);
  };
  const shown = ticked ?? chosen;
  return (
    // Once it is closed the keys are for coding again: Enter would only open it anew.
    <Popover
      opened={ticked !== null}
      onChange={(opened) => !opened && close()}
      position="bottom-start"
      width={240}
      trapFocus
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <button
          type="button"
          className={classes.open}
          title={t("Code at the same time")}
          aria-expanded={ticked !== null}
          onClick={(event) => {
            if (ticked !== null) return close();
            event.currentTarget.blur();
            setTicked(chosen);
          }}
        >
          {shown.length === 0
            ? t("One scheme")
            : t("{{count}} schemes", { count: shown.length + 1 })}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("Code at the same time")}>
        <div className={classes.list}>
          {schemes.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={<span dir="auto">{name}</span>}
              checked={shown.includes(name)}
              disabled={!shown.includes(name) && shown.length >= MOST}
              onChange={() => setTicked(toggledScheme(shown, name))}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
