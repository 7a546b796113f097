import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import "./highlights.css";
import { placeIn } from "@/shared/coding/spans/selection";
import { Finder, type Places } from "./finder";
import { COLORS, compiled, type Rule, storedRules } from "./rules";

/** What was found of each rule, by its id, in the text that is named. */
interface Found {
  readonly text: string;
  readonly places: ReadonlyMap<number, Places>;
}

/** Browsers without it (they are old) show texts as they are. */
export const canHighlight = typeof CSS !== "undefined" && "highlights" in CSS;

/**
 * Words of one's own, found in the text in front and drawn over it.
 *
 * They are drawn by the browser's highlights, which leave the document as it is: positions of
 * spans stay positions in the text, and no text waits for them.
 */
export function useHighlights(project: string, text: string) {
  const [stored, setRules] = useLocalStorage<readonly Rule[]>({
    key: `kodkod.highlights/${project}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const [on, setOn] = useLocalStorage({
    key: `kodkod.highlights-on/${project}`,
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const rules = useMemo(() => storedRules(stored), [stored]);
  const found = useFound(rules, text, on);
  useDrawn(rules, found, text, on);
  return { rules, setRules, on, setOn, found: found?.text === text ? found.places : null };
}

export type Highlights = ReturnType<typeof useHighlights>;

function startWorker(): Worker {
  return new Worker(new URL("./find.worker.ts", import.meta.url), { type: "module" });
}

function useFound(rules: readonly Rule[], text: string, on: boolean): Found | null {
  const [finder] = useState(() => new Finder(startWorker));
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => () => finder.close(), [finder]);
  useEffect(() => {
    const sought = rules.flatMap((rule) => {
      const { pattern } = compiled(rule);
      return pattern === null ? [] : [{ id: rule.id, pattern }];
    });
    if (!on || !canHighlight || sought.length === 0) return;
    const controller = new AbortController();
    void Promise.all(
      sought.map(
        async ({ id, pattern }) =>
          [id, await finder.find(pattern, text, controller.signal)] as const,
      ),
    ).then((all) => {
      if (!controller.signal.aborted) setFound({ text, places: new Map(all) });
    });
    return () => controller.abort();
  }, [finder, rules, text, on]);
  return found;
}

function useDrawn(rules: readonly Rule[], found: Found | null, text: string, on: boolean): void {
  // After every drawing: spans that come and go put other nodes in the document.
  useEffect(() => {
    if (!canHighlight) return;
    for (let color = 1; color <= COLORS; color += 1) {
      const places =
        on && found?.text === text
          ? rules
              .filter((rule) => rule.color === color)
              .flatMap(({ id }) => found.places.get(id) ?? [])
          : [];
      draw(`kodkod-words-${color}`, places);
    }
  });
  useEffect(
    () => () => {
      for (let color = 1; canHighlight && color <= COLORS; color += 1) {
        CSS.highlights.delete(`kodkod-words-${color}`);
      }
    },
    [],
  );
}

function draw(name: string, places: readonly (readonly [number, number])[]): void {
  const container = places.length === 0 ? null : document.querySelector("[data-text-id]");
  if (container === null) {
    CSS.highlights.delete(name);
    return;
  }
  CSS.highlights.set(name, new Highlight(...places.flatMap((place) => rangeOf(container, place))));
}

function rangeOf(container: Element, [from, to]: readonly [number, number]): StaticRange[] {
  const start = placeIn(container, from);
  const end = placeIn(container, to);
  if (start === null || end === null) return [];
  return [
    new StaticRange({
      startContainer: start.node,
      startOffset: start.offset,
      endContainer: end.node,
      endOffset: end.offset,
    }),
  ];
}
