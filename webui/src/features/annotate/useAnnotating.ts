import { useEffect, useMemo, useState } from "react";
import type { Element, Value } from "@/api/schema";
import { Stopwatch } from "@/shared/coding/stopwatch";
import { partsFrom, partsOf, passed, pastOf } from "./decided";
import type { Deck, Past } from "./deck";
import { begun, type Draft, settled, turned, valueIn, withValue } from "./draft";
import { pass } from "./outbox/feedback";
import { outboxFor } from "./outbox/outboxes";
import type { Place } from "./outbox/storage";
import { type Standing, sayAgain, seenIn, send, takeBack, type UndonePart } from "./parts";
import type { Question } from "./question";
import { NOTHING, ownValue, tallied } from "./tally";
import { usePosted } from "./together";
import { useDeck } from "./useDeck";

/**
 * The annotator's desk: the deck in front, the outboxes behind, and the draft between them.
 *
 * Texts are drawn from the place's scheme. They can be coded in `further` schemes at the same time:
 * what is done with a text has a part in each, which goes through that scheme's outbox.
 */
export function useAnnotating(place: Place, question: Question, further: readonly string[]) {
  const first = place.scheme;
  // By their names: whoever asks may have made the list anew.
  const named = JSON.stringify([first, ...further]);
  const schemes = useMemo(() => JSON.parse(named) as readonly string[], [named]);
  const { user, project } = place;
  const outboxes = useMemo(
    () => schemes.map((scheme) => outboxFor({ user, project, scheme })),
    [schemes, user, project],
  );
  const outboxOf = (scheme: string) => outboxFor({ user, project, scheme });
  const posted = usePosted(outboxes);
  const { deck, failure, move, askAgain } = useDeck(place, question, outboxes, schemes.slice(1));
  const [stopwatch] = useState(() => new Stopwatch());
  const [seconds, setSeconds] = useState<readonly number[]>([]);
  const [tally, setTally] = useState(NOTHING);
  const [draft, setDraft] = useDraft(deck, user, schemes);
  const { current } = deck;
  /** What was taken back and can be said again, the last on top. */
  const [undone, setUndone] = useState<readonly Undone[]>([]);
  const last = undone.at(-1);
  const redoable = last !== undefined && last.past.element.id === current?.id;

  useStopwatch(stopwatch, current);

  const count = (past: Past, by: 1 | -1) => {
    if (partsOf(past, first).every(({ how }) => how !== "coded")) return;
    setTally((all) => tallied(all, past.element, user, by, past.how === "coded"));
  };

  const standing = (element: Element, scheme: string): Standing => ({
    id: element.id,
    lease: seenIn(element, scheme, first).lease,
  });

  /** Be done with the text in front: what is decided of it goes on its way, and the next comes. */
  function finish(decided: Draft): void {
    if (current === null) return;
    for (const scheme of schemes) pass({ user, project, scheme }, current.id);
    setUndone([]);
    const taken = stopwatch.seconds();
    const parts = partsFrom(decided, current, schemes, user);
    for (const part of parts)
      send(outboxOf(part.scheme), part, standing(current, part.scheme), taken);
    const past = pastOf(current, parts, decided);
    if (parts.some(({ how }) => how === "coded")) setSeconds((all) => [...all, taken]);
    count(past, 1);
    move({ type: "advanced", past });
  }

  /** Answer in a scheme (null passes it), and go on: to the next scheme, or to the next text. */
  function answer(scheme: string, value: Value): void {
    const decided = withValue(draft, scheme, first, value);
    const open = settled(decided, scheme, schemes);
    if (open === null) finish(decided);
    else setDraft(open);
  }

  function skip(): void {
    if (current === null) return;
    setUndone([]);
    const parts = schemes.map((scheme) => passed(scheme, current, schemes, user, draft));
    for (const part of parts) send(outboxOf(part.scheme), part, standing(current, part.scheme), 0);
    move({ type: "advanced", past: pastOf(current, parts, draft) });
  }

  /** Take back all that was done with the last text. */
  function undo(): void {
    const past = deck.past.at(-1);
    if (past === undefined) return;
    const { id } = past.element;
    const parts = partsOf(past, first).map((part) => {
      pass({ user, project, scheme: part.scheme }, id);
      const before = ownValue(seenIn(past.element, part.scheme, first), user);
      return takeBack(outboxOf(part.scheme), part, id, before);
    });
    setUndone((all) => [...all, { past, parts }]);
    count(past, -1);
    move({
      type: "returned",
      leased: parts[0]?.unsent ?? false,
      lapsedIn: parts.slice(1).flatMap(({ part, unsent }) => (unsent ? [] : [part.scheme])),
    });
  }

  function redo(): void {
    if (last === undefined || !redoable || current === null) return;
    setUndone((all) => all.slice(0, -1));
    const parts = last.parts.map((part) =>
      sayAgain(outboxOf(part.part.scheme), part, standing(current, part.part.scheme)),
    );
    const past = pastOf(last.past.element, parts, last.past);
    count(past, 1);
    move({ type: "advanced", past });
  }

  /** Put a text in front again that was answered long ago. */
  function bring(element: Element): void {
    setUndone([]);
    move({ type: "brought", element });
  }

  return {
    deck,
    failure,
    askAgain,
    draft,
    setDraft,
    schemes,
    answer,
    /** Answer where there is one scheme, or in the first of them. */
    code: (value: Value) => answer(first, value),
    valueIn: (scheme: string) => valueIn(draft, scheme, first),
    say: (scheme: string, change: (value: Value) => Value) =>
      setDraft((now) => withValue(now, scheme, first, change(valueIn(now, scheme, first)))),
    /** Ask others to look at the text, or no longer. */
    flag: () => setDraft((now) => ({ ...now, flagged: !now.flagged })),
    turn: (by: 1 | -1) => setDraft((now) => turned(now, schemes, by)),
    activate: (scheme: string) => setDraft((now) => ({ ...now, active: scheme })),
    skip,
    undo,
    redo,
    redoable,
    bring,
    posted,
    outboxes,
    seconds,
    tally,
  };
}

/** What was taken back of a text, in each scheme. */
interface Undone {
  readonly past: Past;
  readonly parts: readonly UndonePart[];
}

export type Annotating = ReturnType<typeof useAnnotating>;

/** The draft begins anew with each text. */
function useDraft(deck: Deck, user: string, schemes: readonly string[]) {
  const { current } = deck;
  const [draft, setDraft] = useState<Draft>(() => begun(deck, user, schemes));
  const [shown, setShown] = useState(current);
  if (shown !== current) {
    setShown(current);
    setDraft(begun(deck, user, schemes));
  }
  return [draft, setDraft] as const;
}

function useStopwatch(stopwatch: Stopwatch, current: Element | null): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it starts with each text
  useEffect(() => {
    stopwatch.restart();
    if (document.hidden) stopwatch.pause();
  }, [stopwatch, current]);
  useEffect(() => {
    const onChange = () => (document.hidden ? stopwatch.pause() : stopwatch.resume());
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, [stopwatch]);
}
