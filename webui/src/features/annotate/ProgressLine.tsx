import { useDebouncedValue } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ProjectInfo, SchemeInfo } from "@/api/schema";
import { schemeQuery } from "./api";
import { PickedBy } from "./PickedBy";
import classes from "./ProgressLine.module.css";
import type { Question } from "./question";
import { median } from "./stopwatch";
import type { Annotating } from "./useAnnotating";

interface Props {
  desk: Annotating;
  scheme: SchemeInfo;
  project: ProjectInfo;
  /** When the scheme's counts were fetched. */
  updatedAt: number;
  question: Question;
}

/** How far it has come, at what pace, and that it is saved. */
export function ProgressLine({ desk, scheme, project, updatedAt, question }: Props) {
  const total = project.splits.train;
  const coded = useCoded(desk, scheme, updatedAt);
  useFreshCounts(project.slug, scheme.name, desk.posted.confirmed);
  const pace = median(desk.seconds);
  return (
    <div className={classes.line}>
      <div
        className={classes.bar}
        style={{ "--share": total === 0 ? 0 : Math.min(1, coded / total) }}
      />
      <p>
        <span>
          {number.format(coded)} of {number.format(total)} coded
        </span>
        {pace !== null && <span>{shownPace(pace)}</span>}
        <PickedBy element={desk.deck.current} scheme={scheme} question={question} />
        <SaveState desk={desk} />
      </p>
    </div>
  );
}

function SaveState({ desk }: { desk: Annotating }) {
  const { waiting, failure, refused, confirmed } = desk.posted;
  // Most answers are here within a blink; only a wait that can be felt is worth a word.
  const [wasWaiting] = useDebouncedValue(waiting > 0, 800);
  let words = confirmed > 0 ? "saved" : "";
  if (waiting > 0 && wasWaiting) words = "saving";
  const unsaved = refused.length + (failure === null ? 0 : waiting);
  if (unsaved > 0) words = `${unsaved} not saved`;
  return <span role="status">{words}</span>;
}

/** Coded texts: the server's count, and what was done here since it was asked. */
function useCoded(desk: Annotating, scheme: SchemeInfo, updatedAt: number): number {
  const counted = () => ({
    updatedAt,
    base: scheme.annotated.train - Math.max(0, desk.gained - desk.posted.waiting),
  });
  const [from, setFrom] = useState(counted);
  if (from.updatedAt !== updatedAt) setFrom(counted());
  return Math.max(0, from.base + desk.gained);
}

const EVERY = 10;

/** Ask for the scheme's counts and guide again now and then, while texts are coded. */
function useFreshCounts(slug: string, scheme: string, confirmed: number): void {
  const client = useQueryClient();
  const round = Math.floor(confirmed / EVERY);
  useEffect(() => {
    if (round > 0) void client.invalidateQueries(schemeQuery(slug, scheme));
  }, [client, slug, scheme, round]);
}

const number = new Intl.NumberFormat("en");

/** Write a pace in seconds: exact where it is small. */
export function shownPace(seconds: number): string {
  return `${seconds < 10 ? seconds.toFixed(1).replace(/\.0$/, "") : Math.round(seconds)} s a text`;
}
