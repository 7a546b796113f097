import { ActionIcon, Menu } from "@mantine/core";
import type { KeyboardEvent } from "react";
import { toProblem } from "@/api/problem";
import type { LabelInfo, SchemeInfo } from "@/api/schema";
import { InPlace } from "@/shared/ui/InPlace";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import type { Place } from "../api";
import { ColorPicker } from "./ColorPicker";
import classes from "./Labels.module.css";
import { target } from "./order";
import { DeleteForm, MergeForm } from "./Retirement";
import { useLabelChange } from "./useLabelChange";

export type Opened = "merge" | "delete" | null;

interface Props {
  place: Place;
  scheme: SchemeInfo;
  labels: readonly LabelInfo[];
  position: number;
  label: LabelInfo;
  /** How many texts count as it; undefined until that is known. */
  texts: number | undefined;
  opened: Opened;
  onOpen: (opened: Opened) => void;
  onMove: (to: number) => void;
  onGrab: () => void;
  onRetired: (what: string) => void;
}

/** A label to be renamed, moved, coloured, described, merged or deleted. */
export function LabelRow(props: Props) {
  const { place, scheme, labels, label, position, texts, opened, onOpen, onMove } = props;
  const renaming = useLabelChange(place);
  const styling = useLabelChange(place);
  const { name } = label;
  const forms = { place, scheme, label, onClose: () => onOpen(null), onDone: props.onRetired };
  return (
    <>
      <div className={classes.row}>
        <Grip {...props} />
        <ColorPicker
          label={label}
          position={position}
          labels={labels}
          onPick={(color) => styling.mutate({ op: "restyle", label: name, color })}
        />
        <div className={classes.name}>
          <InPlace
            label={t("Name of {{label}}", { label: name })}
            value={renaming.isPending ? renamed(renaming.variables, name) : name}
            maxLength={100}
            error={renaming.error && toProblem(renaming.error).detail}
            onSave={(to) => renaming.mutate({ op: "rename", label: name, name: to })}
          />
        </div>
        <span className={classes.texts}>
          {texts !== undefined && t("{{count}} texts", { count: texts })}
        </span>
        <RowMenu
          name={name}
          position={position}
          count={labels.length}
          onMove={onMove}
          onOpen={onOpen}
        />
        <div className={classes.description}>
          <InPlace
            label={t("What counts as {{label}}", { label: name })}
            placeholder={t("What counts as {{label}}", { label: name })}
            value={label.description}
            multiline
            optional
            onSave={(description) => styling.mutate({ op: "restyle", label: name, description })}
          />
        </div>
      </div>
      {styling.error && <Notice error={styling.error} />}
      {opened === "merge" && <MergeForm {...forms} />}
      {opened === "delete" && <DeleteForm {...forms} />}
    </>
  );
}

/** What a name becomes while the server has not said so yet. */
function renamed(operation: { op?: string; name?: string } | undefined, name: string): string {
  return operation?.op === "rename" ? (operation.name ?? name) : name;
}

/** Moves a label: by arrow keys where it has the focus, by dragging it with a pointer. */
function Grip({ label, labels, position, onMove, onGrab }: Props) {
  const onKeyDown = (event: KeyboardEvent) => {
    const to = target(event.key, position, labels.length);
    if (to === null) return;
    event.preventDefault();
    onMove(to);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Firefox drags no button, so what is around it is dragged
    <span
      className={classes.grip}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        // Firefox starts no drag without data.
        event.dataTransfer.setData("text/plain", label.name);
        const row = event.currentTarget.closest("li");
        if (row !== null) event.dataTransfer.setDragImage(row, 12, 12);
        onGrab();
      }}
    >
      <button
        type="button"
        data-grip={label.id}
        aria-label={t("Move {{label}}", { label: label.name })}
        aria-describedby="how-to-move"
        onKeyDown={onKeyDown}
      >
        <svg viewBox="0 0 10 16" aria-hidden="true">
          {[3, 8, 13].flatMap((y) => [
            <circle key={`a${y}`} cx="2.5" cy={y} r="1.3" />,
            <circle key={`b${y}`} cx="7.5" cy={y} r="1.3" />,
          ])}
        </svg>
      </button>
    </span>
  );
}

interface RowMenuProps {
  name: string;
  position: number;
  count: number;
  onMove: (to: number) => void;
  onOpen: (opened: Opened) => void;
}

function RowMenu({ name, position, count, onMove, onOpen }: RowMenuProps) {
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          className={classes.more ?? ""}
          aria-label={t("More for {{label}}", { label: name })}
        >
          <span aria-hidden="true">⋯</span>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={position === 0} onClick={() => onMove(position - 1)}>
          {t("Move up")}
        </Menu.Item>
        <Menu.Item disabled={position === count - 1} onClick={() => onMove(position + 1)}>
          {t("Move down")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item disabled={count < 2} onClick={() => onOpen("merge")}>
          {t("Merge into another…")}
        </Menu.Item>
        <Menu.Item onClick={() => onOpen("delete")}>{t("Delete…")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
