import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Span } from "@/api/schema";
import { t } from "@/shared/words/translate";
import { type Caret, moved, snapped } from "./caret";
import { selectedSpan, toggled } from "./segments";
import { select, selectionWithin } from "./selection";

/**
 * Spans are made by selecting text and pressing a label; the same again takes one away.
 *
 * A mouse selects whole words unless Alt is held. By keyboard, arrows go from word to word, Shift
 * takes in more, Alt goes by characters, Escape leaves.
 */
export function useSpanEditor(
  text: string,
  spans: readonly Span[],
  onChange: (change: (spans: readonly Span[]) => readonly Span[]) => void,
  language = "",
) {
  const container = useRef<HTMLSpanElement>(null);
  /** Where the keyboard's caret was last; it goes on from there after a label. */
  const caret = useRef<{ text: string; at: Caret } | null>(null);
  /** Whether the selection is meant to the letter. */
  const exact = useRef(false);
  const [hint, setHint] = useState(false);
  const [heard, setHeard] = useState("");

  useWordSelection(container, exact, text, language);

  const toggle = (span: Span) => onChange((now) => toggled(now, span));

  const labelSelection = (label: string) => {
    const selection = selectionWithin(container.current);
    const span =
      selection && selectedSpan(text, ...meant(selection, exact.current, text, language));
    setHint(!span);
    if (!span) return;
    toggle({ ...span, label });
    setHeard(t("{{label}}: {{quote}}", { label, quote: quoteOf(text, span) }));
    window.getSelection()?.removeAllRanges();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const element = container.current;
    if (element === null || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      // Whatever else Escape closes stays open: this only leaves the text.
      event.preventDefault();
      window.getSelection()?.removeAllRanges();
      element.blur();
      return;
    }
    const rightwards = event.key === "ArrowRight";
    if (!rightwards && event.key !== "ArrowLeft") return;
    event.preventDefault();
    const forward = rightwards === (getComputedStyle(element).direction !== "rtl");
    const unit = event.altKey ? "character" : "word";
    const before = caretOf(selectionWithin(element), caret.current, text);
    const at = moved(before, { forward, unit, extend: event.shiftKey }, text, language);
    caret.current = { text, at };
    exact.current = true;
    select(element, at.anchor, at.head);
    setHeard(said(text, at, spans));
  };

  const editing = { onKeyDown };
  return {
    container,
    spans,
    toggle,
    labelSelection,
    hint,
    /** What a screen reader is to say: the stretch under the caret and its labels. */
    heard,
    editing,
    focus: () => {
      const element = container.current;
      if (element === null) return;
      element.focus({ preventScroll: true });
      const at = caretOf(null, caret.current, text) ?? moved(null, FIRST, text, language);
      caret.current = { text, at };
      exact.current = true;
      select(element, at.anchor, at.head);
      setHeard(said(text, at, spans));
    },
  };
}

const FIRST = { forward: true, unit: "word", extend: false } as const;

export type SpanEditor = ReturnType<typeof useSpanEditor>;

/** Let a mouse's selection be of whole words, once it is made. */
function useWordSelection(
  container: { readonly current: HTMLElement | null },
  exact: { current: boolean },
  text: string,
  language: string,
): void {
  useEffect(() => {
    const onUp = (event: MouseEvent) => {
      const { altKey } = event;
      // A press on a selection drops it only after this.
      setTimeout(() => {
        const element = container.current;
        const selection = selectionWithin(element);
        if (element === null || selection === null || selection[0] === selection[1]) return;
        exact.current = altKey;
        if (altKey) return;
        const [from, to] = meant(selection, false, text, language);
        if (from !== selection[0] || to !== selection[1]) select(element, from, to);
      });
    };
    const onDown = () => {
      exact.current = false;
    };
    window.addEventListener("mousedown", onDown);
    window.addEventListener("mouseup", onUp);
    return () => {
      window.removeEventListener("mousedown", onDown);
      window.removeEventListener("mouseup", onUp);
    };
  }, [container, exact, text, language]);
}

/** A selection as it is meant: to the letter, or widened to words. */
function meant(
  [from, to]: readonly [number, number],
  exact: boolean,
  text: string,
  language: string,
): [number, number] {
  if (exact || from === to) return [from, to];
  const wide = snapped(shorn(from, to, text), text, language);
  return [wide.from, wide.to];
}

/** A selection without the blanks at its ends. */
function shorn(from: number, to: number, text: string): { from: number; to: number } {
  const chosen = text.slice(from, to);
  const start = from + (chosen.length - chosen.trimStart().length);
  return { from: start, to: Math.max(start, to - (chosen.length - chosen.trimEnd().length)) };
}

/** Where the caret is: in the selection, if it has not moved since with its own direction. */
function caretOf(
  selection: readonly [number, number] | null,
  last: { text: string; at: Caret } | null,
  text: string,
): Caret | null {
  const known = last?.text === text ? last.at : null;
  if (selection === null || selection[0] === selection[1]) return known;
  const [from, to] = selection;
  const same =
    known !== null &&
    Math.min(known.anchor, known.head) === from &&
    Math.max(known.anchor, known.head) === to;
  return same ? known : { anchor: from, head: to };
}

function said(text: string, { anchor, head }: Caret, spans: readonly Span[]): string {
  const span = selectedSpan(text, Math.min(anchor, head), Math.max(anchor, head));
  if (span === null) return t("blank");
  const quote = quoteOf(text, span);
  const over = spans.filter(({ start, end }) => start < span.end && end > span.start);
  if (over.length === 0) return quote;
  const labels = [...new Set(over.map(({ label }) => label))].join(", ");
  return t("{{quote}}, marked {{labels}}", { quote, labels });
}

function quoteOf(text: string, { start, end }: { start: number; end: number }): string {
  return [...text].slice(start, end).join("");
}
