import { type ComponentProps, useState } from "react";
import type { SchemeInfo } from "@/api/schema";
import { useLater } from "@/shared/ui/useLater";
import { t } from "@/shared/words/translate";
import { toggledScheme } from "../further";
import classes from "./FurtherSchemes.module.css";

interface Props {
  schemes: readonly SchemeInfo[];
  chosen: readonly string[];
  onChange: (names: readonly string[]) => void;
}

const loadChoice = async () => (await import("./SchemeChoice")).SchemeChoice;

/** Which schemes are coded beside the first; nothing where there is no other. */
export function FurtherSchemes({ schemes, chosen, onChange }: Props) {
  // Each choice begins another desk, which reserves texts of its own: it counts once all is ticked.
  const [ticked, setTicked] = useState<readonly string[] | null>(null);
  const SchemeChoice = useLater(loadChoice, ticked !== null);
  if (schemes.length === 0) return null;
  const close = () => {
    setTicked(null);
    if (ticked !== null && ticked.join("/") !== chosen.join("/")) onChange(ticked);
  };
  const shown = ticked ?? chosen;
  const target = (
    <Target
      shown={shown}
      opened={ticked !== null}
      onClick={(event) => {
        if (ticked !== null) return close();
        event.currentTarget.blur();
        setTicked(chosen);
      }}
    />
  );
  if (SchemeChoice === null) return target;
  return (
    <SchemeChoice
      schemes={schemes}
      shown={shown}
      opened={ticked !== null}
      target={target}
      onClose={close}
      onToggle={(name) => setTicked(toggledScheme(shown, name))}
    />
  );
}

interface TargetProps extends ComponentProps<"button"> {
  shown: readonly string[];
  opened: boolean;
}

function Target({ shown, opened, ...props }: TargetProps) {
  return (
    <button
      {...props}
      type="button"
      className={classes.open}
      title={t("Code at the same time")}
      aria-expanded={opened}
    >
      {shown.length === 0 ? t("One scheme") : t("{{count}} schemes", { count: shown.length + 1 })}
    </button>
  );
}
