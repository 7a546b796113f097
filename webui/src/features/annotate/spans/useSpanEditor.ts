import { useRef, useState } from "react";
import type { Span } from "@/api/schema";
import { type Annotating, spansOf } from "../useAnnotating";
import { selectedSpan, toggled } from "./segments";

/** Spans are made by selecting text and pressing a label; the same again takes one away. */
export function useSpanEditor(desk: Annotating) {
  const container = useRef<HTMLSpanElement>(null);
  const [hint, setHint] = useState(false);
  const { current } = desk.deck;
  const spans = spansOf(desk.draft.value);

  const toggle = (span: Span) =>
    desk.setDraft((draft) => ({ ...draft, value: toggled(spansOf(draft.value), span) }));

  const labelSelection = (label: string) => {
    const selection = selectionWithin(container.current);
    const span = current && selection && selectedSpan(current.text, ...selection);
    setHint(!span);
    if (!span) return;
    toggle({ ...span, label });
    window.getSelection()?.removeAllRanges();
  };

  return { container, spans, toggle, labelSelection, hint };
}

export type SpanEditor = ReturnType<typeof useSpanEditor>;

/** Return the selection's ends in UTF-16 units from the start of `container`. */
function selectionWithin(container: HTMLElement | null): [number, number] | null {
  const selection = window.getSelection();
  if (container === null || selection === null || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!container.contains(range.startContainer) || !container.contains(range.endContainer)) {
    return null;
  }
  const before = document.createRange();
  before.selectNodeContents(container);
  before.setEnd(range.startContainer, range.startOffset);
  const from = before.toString().length;
  return [from, from + range.toString().length];
}
