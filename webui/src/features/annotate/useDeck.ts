import { useCallback, useEffect, useEffectEvent, useReducer, useState } from "react";
import { type Problem, toProblem } from "@/api/problem";
import type { Element, NextTexts } from "@/api/schema";
import { nextTexts } from "./api";
import {
  advanced,
  brought,
  type Deck,
  dealt,
  emptyDeck,
  type Past,
  restarted,
  returned,
  wantsMore,
} from "./deck";
import { recall, remember } from "./deckStorage";
import { textOf } from "./outbox/operation";
import type { Outbox } from "./outbox/outbox";
import type { Place } from "./outbox/storage";
import { nextQuery, type Question } from "./question";

type Move =
  | { type: "dealt"; deal: number; next: NextTexts; busy: ReadonlySet<string> }
  | { type: "advanced"; past: Past }
  | { type: "returned"; leased: boolean; lapsedIn: readonly string[] }
  | { type: "restarted"; recalled: NextTexts; busy: ReadonlySet<string> }
  | { type: "brought"; element: Element }
  | { type: "asked again" };

function reduce(deck: Deck, move: Move): Deck {
  switch (move.type) {
    case "dealt":
      return move.deal === deck.deal ? dealt(deck, move.next, move.busy) : deck;
    case "advanced":
      return advanced(deck, move.past, Date.now());
    case "returned":
      return returned(deck, move.leased, move.lapsedIn);
    case "restarted":
      return { ...dealt(restarted(deck), move.recalled, move.busy), exhausted: false };
    case "brought":
      return brought(deck, move.element);
    case "asked again":
      return { ...deck, exhausted: false };
  }
}

const RETRY = 3_000;

/** Keep texts at hand: fetch ahead of need, retry what fails, keep leases over a reload. */
export function useDeck(
  place: Place,
  question: Question,
  outboxes: readonly Outbox[],
  also: readonly string[],
) {
  const { project, scheme } = place;
  const query = nextQuery(question, place.user, also);
  const asked = JSON.stringify(query);
  const busy = () => new Set(outboxes.flatMap((outbox) => outbox.pending().map(textOf)));
  const start = (): Move => ({
    type: "restarted",
    recalled: { elements: recall(place, query, Date.now()), remaining: 0 },
    busy: busy(),
  });
  const [deck, move] = useReducer(reduce, undefined, () => reduce(emptyDeck, start()));
  const [failure, setFailure] = useState<Problem | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [shownFor, setShownFor] = useState(asked);

  if (shownFor !== asked) {
    setShownFor(asked);
    setFailure(null);
    move(start());
  }

  const want = wantsMore(deck);
  const fetchNext = useEffectEvent(async (deal: number, signal: AbortSignal) => {
    try {
      const next = await nextTexts(project, scheme, query, signal);
      if (signal.aborted) return;
      setFailure(null);
      move({ type: "dealt", deal, next, busy: busy() });
      setAttempt((number) => number + 1);
    } catch (error) {
      if (!signal.aborted) setFailure(toProblem(error));
    }
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again while more is wanted
  useEffect(() => {
    if (!want) return;
    const controller = new AbortController();
    void fetchNext(deck.deal, controller.signal);
    return () => controller.abort();
  }, [want, deck.deal, attempt]);

  useEffect(() => {
    if (failure === null || !failure.passing) return;
    const timer = setTimeout(() => setAttempt((number) => number + 1), RETRY);
    return () => clearTimeout(timer);
  }, [failure]);

  const keep = useEffectEvent(() => remember(place, query, deck));
  // biome-ignore lint/correctness/useExhaustiveDependencies: kept whenever the texts at hand change
  useEffect(() => keep(), [deck.current, deck.ahead]);

  const askAgain = useCallback(() => {
    move({ type: "asked again" });
    setAttempt((number) => number + 1);
  }, []);

  return { deck, failure, move, askAgain };
}
