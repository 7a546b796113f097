import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { toProblem } from "@/api/problem";
import type { Disagreement, SchemeInfo, Value } from "@/api/schema";
import { Stopwatch } from "@/shared/coding/stopwatch";
import { decide, disagreementsQuery, type Place, takeBack } from "../api";
import type { AgreementSearch } from "../search";
import { changesBetween, decisionOf } from "../values";
import { frontOf, neighbour, undecided } from "./queue";

interface Draft {
  readonly id: string;
  readonly value: Value;
  readonly comment: string;
}

/** The queue of a scheme, the text in front, and what can be done with it. */
export function useDeciding(place: Place, scheme: SchemeInfo, search: AgreementSearch) {
  const client = useQueryClient();
  const asked = disagreementsQuery(place, search);
  const found = useInfiniteQuery(asked);
  const [decided, setDecided] = useState<ReadonlyMap<string, readonly number[]>>(new Map());
  const [chosen, setChosen] = useState<Disagreement | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [past, setPast] = useState<readonly Disagreement[]>([]);
  const [done, setDone] = useState(0);
  const [listed, setListed] = useState(filterOf(search));
  const watch = useRef(new Stopwatch());
  useVisible(watch.current);

  if (listed !== filterOf(search)) {
    // Another list begins at its top.
    setListed(filterOf(search));
    setChosen(null);
    setDraft(null);
  }
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const queue = search.decided === undefined ? undecided(items, decided) : items;
  const front = frontOf(queue, chosen);
  const item = front?.item ?? null;
  // What stands in front is held: news of it are shown beside it rather than put in its place.
  if (chosen === null && item !== null) setChosen(item);
  const looked = chosen ?? item;
  const changes = looked === null || item === null ? [] : changesBetween(looked, item);
  const own = draft !== null && draft.id === item?.id ? draft : null;
  const value = own?.value ?? null;
  const comment = own?.comment ?? "";

  const show = (next: Disagreement | null) => {
    setChosen(next);
    setDraft(null);
    watch.current.restart();
  };
  const refresh = () =>
    client.invalidateQueries({ queryKey: ["project", place.slug, "scheme", place.scheme] });

  const deciding = useMutation({
    mutationFn: ({ text, value }: { text: Disagreement; value: Value }) =>
      decide(place, {
        id: text.id,
        value,
        seen: text.seen,
        comment: comment.trim(),
        seconds: watch.current.seconds(),
      }),
    onSuccess: (_, { text }) => {
      setDecided((before) => new Map(before).set(text.id, text.seen));
      setPast((before) => [...before, text]);
      setDone((count) => count + 1);
      show(
        neighbour(
          queue.filter(({ id }) => id !== text.id || front?.at !== null),
          text.id,
        ),
      );
      void refresh();
    },
    onError: (error) => {
      if (toProblem(error).status === 409) void refresh();
    },
  });

  const withdrawing = useMutation({
    mutationFn: (text: Disagreement) => takeBack(place, { id: text.id }),
    onSuccess: async (_, text) => {
      // The count, the list and the text in front change together, once the list is known.
      await refresh();
      setDecided((before) => {
        const after = new Map(before);
        after.delete(text.id);
        return after;
      });
      setPast((before) => before.filter(({ id }) => id !== text.id));
      setDone((count) => Math.max(0, count - 1));
      const fresh = client.getQueryData(asked.queryKey)?.pages.flatMap((page) => page.items);
      show(fresh?.find(({ id }) => id === text.id) ?? null);
    },
  });

  const busy = deciding.isPending || withdrawing.isPending;
  const code = (value: Value) => {
    if (looked === null || busy) return;
    withdrawing.reset();
    deciding.mutate({ text: looked, value });
  };
  const go = (step: 1 | -1) => {
    const next = item && neighbour(queue, item.id, step);
    return next == null ? null : () => choose(next);
  };
  const choose = (text: Disagreement) => {
    deciding.reset();
    withdrawing.reset();
    show(text);
  };
  const withdraw = (text: Disagreement) => {
    deciding.reset();
    withdrawing.mutate(text);
  };
  const last = past.at(-1);

  return {
    found,
    queue,
    item,
    gone: found.data !== undefined && front !== null && front.at === null,
    changes,
    decision: item && decisionOf(item),
    value,
    comment,
    done,
    busy,
    error: deciding.error ?? withdrawing.error,
    multiple: scheme.widget !== "choice",
    setValue: (next: Value) => item && setDraft({ id: item.id, value: next, comment }),
    setComment: (next: string) => item && setDraft({ id: item.id, value, comment: next }),
    code,
    choose,
    next: go(1) ?? (front?.at === null ? () => show(null) : null),
    previous: go(-1),
    /** Take what is said now for what was looked at. */
    acknowledge: () => {
      deciding.reset();
      setChosen(item);
    },
    withdraw,
    undo: last === undefined ? null : () => withdraw(last),
  };
}

export type Deciding = ReturnType<typeof useDeciding>;

/** What tells one list from another; another way to suggestions is the same list. */
function filterOf({ first, second, label, split, decided }: AgreementSearch): string {
  return JSON.stringify([first, second, label, split, decided]);
}

/** Let only that time count during which the page is looked at. */
function useVisible(watch: Stopwatch): void {
  useEffect(() => {
    const look = () => (document.hidden ? watch.pause() : watch.resume());
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [watch]);
}
