import { Button, Popover } from "@mantine/core";
import { useState } from "react";
import type { LabelInfo } from "@/api/schema";
import { labelColor, PALETTE } from "@/shared/theme/labelColor";
import { t } from "@/shared/words/translate";
import classes from "./ColorPicker.module.css";

interface Props {
  label: LabelInfo;
  position: number;
  labels: readonly LabelInfo[];
  onPick: (color: string) => void;
}

/** A label's colour: one of eight that nearly everybody can tell apart, or any other. */
export function ColorPicker({ label, position, labels, onPick }: Props) {
  const [opened, setOpened] = useState(false);
  const pick = (color: string) => {
    setOpened(false);
    if (color !== label.color) onPick(color);
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <button
          type="button"
          className={classes.target}
          aria-label={t("Colour of {{label}}", { label: label.name })}
          onClick={() => setOpened(!opened)}
        >
          <span style={{ "--label": labelColor(label.color, position) }} />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Palette label={label} position={position} labels={labels} onPick={pick} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Palette({ label, position, labels, onPick }: Props) {
  const current = labelColor(label.color, position);
  const [own, setOwn] = useState(label.color ?? PALETTE[position % PALETTE.length] ?? "#000000");
  return (
    <div className={classes.palette}>
      <p>{t("These stay apart for the colour-blind.")}</p>
      <ul>
        {PALETTE.map((color, at) => {
          const drawn = labelColor(color, at);
          const others = labels
            .filter(({ id, color: theirs }, place) => {
              return id !== label.id && labelColor(theirs, place) === drawn;
            })
            .map(({ name }) => name);
          const title = t("Colour {{n}}", { n: at + 1 });
          return (
            <li key={color}>
              <button
                type="button"
                aria-pressed={drawn === current}
                aria-label={
                  others.length === 0
                    ? title
                    : t("{{title}}, used by {{others}}", { title, others: others.join(", ") })
                }
                title={others.join(", ")}
                data-used={others.length > 0 || undefined}
                style={{ "--label": drawn }}
                onClick={() => onPick(color)}
              />
            </li>
          );
        })}
      </ul>
      <form
        className={classes.own}
        onSubmit={(event) => {
          event.preventDefault();
          onPick(own);
        }}
      >
        <label>
          {t("Another")}
          <input type="color" value={own} onChange={(event) => setOwn(event.currentTarget.value)} />
        </label>
        <Button type="submit" size="compact-sm" variant="default">
          {t("Use it")}
        </Button>
      </form>
    </div>
  );
}
