import { useCallback, useRef, useSyncExternalStore } from "react";
import type { Outbox, OutboxState } from "./outbox/outbox";

/** Add up what several outboxes show, one for each scheme on the page. */
export function summed(states: readonly OutboxState[]): OutboxState {
  return {
    waiting: states.reduce((sum, { waiting }) => sum + waiting, 0),
    failure: states.find(({ failure }) => failure !== null)?.failure ?? null,
    refused: states.flatMap(({ refused }) => refused),
    confirmed: states.reduce((sum, { confirmed }) => sum + confirmed, 0),
  };
}

/** Follow several outboxes as one. `outboxes` must be the same array as long as they are the same. */
export function usePosted(outboxes: readonly Outbox[]): OutboxState {
  const last = useRef<{ of: readonly OutboxState[]; sum: OutboxState } | null>(null);
  const subscribe = useCallback(
    (listener: () => void) => {
      const leave = outboxes.map((outbox) => outbox.subscribe(listener));
      return () => {
        for (const each of leave) each();
      };
    },
    [outboxes],
  );
  return useSyncExternalStore(subscribe, () => {
    const of = outboxes.map((outbox) => outbox.state());
    const known = last.current;
    const same = known?.of.length === of.length && of.every((state, at) => state === known.of[at]);
    if (known !== null && same) return known.sum;
    const sum = summed(of);
    last.current = { of, sum };
    return sum;
  });
}
