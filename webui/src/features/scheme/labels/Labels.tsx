import { useQuery } from "@tanstack/react-query";
import { type DragEvent, useEffect, useRef, useState } from "react";
import type { SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { type Place, statisticsQuery } from "../api";
import { AddLabelForm } from "./AddLabelForm";
import { countOf, total } from "./consequences";
import { LabelRow, type Opened } from "./LabelRow";
import classes from "./Labels.module.css";
import { moved } from "./order";
import { Retired } from "./Retired";
import { useOrder } from "./useOrder";

/** The labels of a scheme, changed where they stand. */
export function Labels({ place, scheme }: { place: Place; scheme: SchemeInfo }) {
  const statistics = useQuery(statisticsQuery(place));
  const { labels, error, arrange } = useOrder(place, scheme);
  const [open, setOpen] = useState<{ id: number; form: Opened } | null>(null);
  const [retired, setRetired] = useState<string | null>(null);
  const [grabbed, setGrabbed] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [told, setTold] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const refocus = useRef<number | null>(null);

  const move = (from: number, to: number) => {
    const label = labels[from];
    if (label === undefined || from === to) return;
    refocus.current = label.id;
    setTold(
      t("{{label}} is now {{place}} of {{n}}.", {
        label: label.name,
        place: to + 1,
        n: labels.length,
      }),
    );
    arrange(moved(labels, from, to));
  };
  // What is put elsewhere in the document loses the focus.
  useEffect(() => {
    if (refocus.current === null) return;
    const grip = list.current?.querySelector(`[data-grip="${refocus.current}"]`);
    refocus.current = null;
    if (grip instanceof HTMLElement) grip.focus();
  });
  const endDrag = () => {
    setGrabbed(null);
    setOver(null);
  };
  const onDragOver = (event: DragEvent, at: number) => {
    if (grabbed === null) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    if (over !== at) setOver(at);
  };
  return (
    <>
      <p id="how-to-move" hidden>
        {t("The arrow keys move it up and down.")}
      </p>
      <p className={classes.told} role="status">
        {told}
      </p>
      {(error ?? statistics.error) != null && <Notice error={error ?? statistics.error} />}
      {retired !== null && (
        <Retired place={place} what={retired} onClose={() => setRetired(null)} />
      )}
      {labels.length === 0 && (
        <p className={classes.none}>
          {t("There is no label yet. Add the first: without one nothing can be coded.")}
        </p>
      )}
      <ol ref={list} className={classes.labels} aria-label={t("Labels")}>
        {labels.map((label, at) => (
          <li
            key={label.id}
            data-grabbed={grabbed === at || undefined}
            data-over={over === at && grabbed !== at ? sideOf(grabbed, at) : undefined}
            onDragOver={(event) => onDragOver(event, at)}
            onDrop={(event) => {
              event.preventDefault();
              if (grabbed !== null) move(grabbed, at);
              endDrag();
            }}
            onDragEnd={endDrag}
          >
            <LabelRow
              place={place}
              scheme={scheme}
              labels={labels}
              position={at}
              label={label}
              texts={statistics.data && total(countOf(statistics.data.labels, label.name))}
              opened={open?.id === label.id ? open.form : null}
              onOpen={(form) => {
                setOpen(form === null ? null : { id: label.id, form });
                if (form === null) refocus.current = label.id;
              }}
              onMove={(to) => move(at, to)}
              onGrab={() => setGrabbed(at)}
              onRetired={(what) => {
                setOpen(null);
                setRetired(what);
              }}
            />
          </li>
        ))}
      </ol>
      <AddLabelForm place={place} />
    </>
  );
}

function sideOf(from: number | null, at: number): "before" | "after" {
  return from !== null && from < at ? "after" : "before";
}
