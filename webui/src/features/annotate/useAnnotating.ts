import { useEffect, useState, useSyncExternalStore } from "react";
import type { Element, Span, Value } from "@/api/schema";
import type { Deck } from "./deck";
import { operationKey, outboxFor } from "./outbox/outboxes";
import type { Place } from "./outbox/storage";
import type { Question } from "./question";
import { Stopwatch } from "./stopwatch";
import { useDeck } from "./useDeck";

/** What the annotator has decided of the text in front, before it is sent. */
export interface Draft {
  readonly value: Value;
  readonly comment: string;
}

/** The annotator's desk: the deck in front, the outbox behind, and the draft between them. */
export function useAnnotating(place: Place, question: Question) {
  const outbox = outboxFor(place);
  const posted = useSyncExternalStore(outbox.subscribe, outbox.state);
  const { deck, failure, move, askAgain } = useDeck(place, question, outbox);
  const [stopwatch] = useState(() => new Stopwatch());
  const [seconds, setSeconds] = useState<readonly number[]>([]);
  /** Texts coded less texts taken back since the page was opened. */
  const [gained, setGained] = useState(0);
  const [draft, setDraft] = useDraft(deck, place.user);
  const { current } = deck;

  useStopwatch(stopwatch, current);

  function code(value: Value): void {
    if (current === null) return;
    const key = operationKey();
    const taken = stopwatch.seconds();
    outbox.add({
      kind: "annotate",
      key,
      annotation: {
        id: current.id,
        value,
        comment: draft.comment.trim(),
        lease: current.lease ?? null,
        seconds: taken,
      },
    });
    setSeconds((all) => [...all, taken]);
    if (isNew(current, place.user)) setGained((count) => count + 1);
    move({
      type: "advanced",
      past: { element: current, how: "coded", key, value, comment: draft.comment },
    });
  }

  function skip(): void {
    if (current === null) return;
    const key = operationKey();
    if (current.lease != null)
      outbox.add({ kind: "skip", key, id: current.id, lease: current.lease });
    move({
      type: "advanced",
      past: { element: current, how: "skipped", key, value: null, comment: draft.comment },
    });
  }

  function undo(): void {
    const last = deck.past.at(-1);
    if (last === undefined) return;
    const before = ownValue(last.element, place.user);
    const unsent = outbox.cancel(last.key);
    if (!unsent && last.how === "coded") {
      const { id } = last.element;
      outbox.add({ kind: "undo", key: operationKey(), id, before, tried: false });
    }
    if (last.how === "coded" && isNew(last.element, place.user)) setGained((count) => count - 1);
    move({ type: "returned", leased: unsent });
  }

  return {
    deck,
    failure,
    askAgain,
    draft,
    setDraft,
    code,
    skip,
    undo,
    posted,
    outbox,
    seconds,
    gained,
  };
}

export type Annotating = ReturnType<typeof useAnnotating>;

/** Return what `user` said of a text before. */
export function ownValue(element: Element, user: string): Value {
  return (ownAnnotation(element, user)?.value ?? null) as Value;
}

function ownAnnotation(element: Element, user: string) {
  return element.annotations.filter((given) => given.user === user).at(-1);
}

function isNew(element: Element, user: string): boolean {
  return ownValue(element, user) === null;
}

/** The draft begins anew with each text: from what was taken back, or from what was said before. */
function useDraft(deck: Deck, user: string) {
  const { current, returned } = deck;
  const first = (): Draft => {
    if (returned !== null) return { value: returned.value, comment: returned.comment };
    if (current === null) return { value: null, comment: "" };
    const own = ownAnnotation(current, user);
    return { value: (own?.value ?? null) as Value, comment: own?.comment ?? "" };
  };
  const [draft, setDraft] = useState<Draft>(first);
  const [shown, setShown] = useState(current);
  if (shown !== current) {
    setShown(current);
    setDraft(first());
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

/** Return a draft's labels; of a value of another kind, none. */
export function labelsOf(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  return (value ?? []).filter((item) => typeof item === "string");
}

/** Return a draft's spans. */
export function spansOf(value: Value): readonly Span[] {
  if (value === null || typeof value === "string") return [];
  return value.filter((item) => typeof item !== "string");
}
