import { Modal } from "@mantine/core";
import { useEffect, useId, useMemo, useState } from "react";
import { useSession } from "@/shared/session/session";
import { t } from "@/shared/words/translate";
import type { Action } from "../action";
import { type Entry, found, noteRecent, recentOf } from "./entries";
import classes from "./Palette.module.css";
import { useEntries } from "./useEntries";

interface Props {
  /** What can be done on the page, as it was when the palette was opened. */
  actions: readonly Action[];
  onClose: () => void;
}

/** A field that finds whatever can be done or gone to, and a list that arrow keys go through. */
export function Palette({ actions, onClose }: Props) {
  const user = useSession()?.username ?? "";
  const entries = useEntries(actions);
  const recent = useMemo(() => recentOf(user), [user]);
  const [typed, setTyped] = useState("");
  const [wanted, setWanted] = useState(0);
  const shown = found(entries, typed, recent);
  const at = Math.min(wanted, shown.length - 1);
  const id = useId();
  useReturn();
  const choose = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    noteRecent(user, entry.id);
    onClose();
    entry.run();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") choose(shown[at]);
    else if (event.key === "ArrowDown") setWanted((at + 1) % Math.max(1, shown.length));
    else if (event.key === "ArrowUp") setWanted(at <= 0 ? shown.length - 1 : at - 1);
    else if (event.key === "PageDown") setWanted(Math.min(at + 8, shown.length - 1));
    else if (event.key === "PageUp") setWanted(Math.max(at - 8, 0));
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root
      opened
      onClose={onClose}
      padding={0}
      yOffset="12vh"
      size="34rem"
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={t("Find anything")}>
        <input
          className={classes.field}
          type="text"
          role="combobox"
          data-autofocus
          aria-label={t("What to do, or where to go")}
          placeholder={t("What to do, or where to go")}
          aria-expanded
          aria-autocomplete="list"
          aria-controls={id}
          {...(shown[at] === undefined ? {} : { "aria-activedescendant": `${id}-${at}` })}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setWanted(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div id={id} role="listbox" aria-label={t("Found")} className={classes.list}>
          {shown.map((entry, place) => (
            <Line
              key={entry.id}
              id={`${id}-${place}`}
              entry={entry}
              chosen={place === at}
              onPoint={() => setWanted(place)}
              onChoose={() => choose(entry)}
            />
          ))}
        </div>
        <p role="status" className={shown.length === 0 ? classes.none : classes.unseen}>
          {shown.length === 0
            ? t("Nothing here is called that.")
            : t("{{count}} found", { count: shown.length })}
        </p>
      </Modal.Content>
    </Modal.Root>
  );
}

interface LineProps {
  id: string;
  entry: Entry;
  chosen: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

function Line({ id, entry, chosen, onPoint, onChoose }: LineProps) {
  useEffect(() => {
    if (chosen) document.getElementById(id)?.scrollIntoView({ block: "nearest" });
  }, [chosen, id]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      className={classes.line}
      onMouseMove={chosen ? undefined : onPoint}
      onClick={onChoose}
    >
      <span className={classes.title} dir="auto">
        {entry.title}
      </span>
      <span className={classes.section} dir="auto">
        {entry.section}
      </span>
      {entry.key !== null && <kbd className={classes.key}>{entry.key}</kbd>}
    </div>
  );
}

/** Put the focus back where it was once the palette is gone, unless something else has taken it. */
function useReturn(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // Whoever opened a dialog from here has given it the focus by then.
      setTimeout(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && before instanceof HTMLElement && before.isConnected) before.focus();
      });
    },
    [before],
  );
}
