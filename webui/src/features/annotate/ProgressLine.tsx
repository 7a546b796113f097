import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ProjectInfo, SchemeInfo } from "@/api/schema";
import { median } from "@/shared/coding/stopwatch";
import { language, t } from "@/shared/words/translate";
import { notMineQuery, schemeQuery } from "./api";
import { type Goal, goalWords } from "./goal";
import { PickedBy } from "./PickedBy";
import classes from "./ProgressLine.module.css";
import { type Question, sampleOf } from "./question";
import type { Annotating } from "./useAnnotating";

interface Props {
  desk: Annotating;
  scheme: SchemeInfo;
  project: ProjectInfo;
  /** When the scheme's counts were fetched. */
  updatedAt: number;
  question: Question;
  goal: Goal | null;
}

/** How far it has come, at what pace, and that it is saved. */
export function ProgressLine({ desk, scheme, project, updatedAt, question, goal }: Props) {
  const total = project.splits.train;
  const counted: Counted = { count: scheme.annotated.train, at: updatedAt, gained: desk.tally.any };
  const mine = useMine(project, scheme.name, question, desk.tally.own);
  const coded = Math.min(total, useCoded(desk, mine ?? counted));
  useFreshCounts(project.slug, scheme.name, desk.posted.confirmed);
  const pace = median(desk.seconds);
  const done = goal === null ? coded : goal.done;
  const all = goal === null ? total : goal.texts;
  return (
    <div className={classes.line}>
      <div
        className={classes.bar}
        style={{ "--share": all === 0 ? 0 : Math.min(1, Math.max(0, done / all)) }}
      />
      {goal !== null && (
        <p>
          <strong role="status">{goalWords(goal, pace)}</strong>
        </p>
      )}
      <p>
        <span>
          {mine === null
            ? t("{{coded}} of {{total}} coded", { coded, total })
            : t("{{coded}} of {{total}} coded by me", { coded, total })}
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
  let words = confirmed > 0 ? t("saved") : "";
  if (waiting > 0 && wasWaiting) words = t("saving");
  const unsaved = refused.length + (failure === null ? 0 : waiting);
  if (unsaved > 0) words = t("{{number}} not saved", { number: unsaved });
  return <span role="status">{words}</span>;
}

/** A count of texts by the server, when it was asked, and what has come since the page was opened. */
interface Counted {
  readonly count: number;
  readonly at: number;
  readonly gained: number;
}

/** Where the texts are those that one has not coded oneself, how many one has; else null. */
function useMine(
  { slug, splits }: ProjectInfo,
  scheme: string,
  question: Question,
  gained: number,
): Counted | null {
  const mine = sampleOf(question) === "not_by_me";
  const found = useQuery({ ...notMineQuery(slug, scheme), enabled: mine });
  if (!mine || found.data === undefined) return null;
  return { count: splits.train - found.data, at: found.dataUpdatedAt, gained };
}

/** Coded texts: the server's count, and what was done here since it was asked. */
function useCoded(desk: Annotating, { count, at, gained }: Counted): number {
  const counted = () => ({ at, base: count - Math.max(0, gained - desk.posted.waiting) });
  const [from, setFrom] = useState(counted);
  if (from.at !== at) setFrom(counted());
  return Math.max(0, from.base + gained);
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

/** Write a pace in seconds: exact where it is small. */
export function shownPace(seconds: number): string {
  const digits = { maximumFractionDigits: seconds < 10 ? 1 : 0 };
  return t("{{seconds}} s a text", {
    seconds: new Intl.NumberFormat(language(), digits).format(seconds),
  });
}
