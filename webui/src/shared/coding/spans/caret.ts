/**
 * A stretch of text in UTF-16 units, as the browser's selection counts: `anchor` stays where it
 * is while `head` moves. A word is a stretch as well, so that there is always something to label.
 */
export interface Caret {
  readonly anchor: number;
  readonly head: number;
}

/** What the arrows go by. */
export type Unit = "word" | "character";

export interface Move {
  /** Along the text, whatever its writing direction looks like. */
  readonly forward: boolean;
  readonly unit: Unit;
  /** Whether the stretch grows rather than goes on. */
  readonly extend: boolean;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Find where words are, or of a text without any, where its characters are. */
export function wordsOf(text: string, language: string): readonly Range[] {
  const words = [...segmenter(language, "word").segment(text)]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ index, segment }) => ({ from: index, to: index + segment.length }));
  return words.length > 0 ? words : charactersOf(text, language);
}

/** Find what readers take for characters: an emoji of several signs is one. */
function charactersOf(text: string, language: string): readonly Range[] {
  return [...segmenter(language, "grapheme").segment(text)].map(({ index, segment }) => ({
    from: index,
    to: index + segment.length,
  }));
}

/** Move a caret, or put one on the first word (the last one, backwards) where there is none. */
export function moved(caret: Caret | null, move: Move, text: string, language: string): Caret {
  const units = move.unit === "word" ? wordsOf(text, language) : charactersOf(text, language);
  if (caret === null) return over(move.forward ? units[0] : units.at(-1)) ?? { anchor: 0, head: 0 };
  return move.extend
    ? extended(caret, move.forward, units)
    : (over(beside(caret, move, units)) ?? caret);
}

/** The unit after the stretch, or before it. Characters go from the head, to correct its end. */
function beside(caret: Caret, { forward, unit }: Move, units: readonly Range[]): Range | undefined {
  const from = unit === "character" ? caret.head : Math.min(caret.anchor, caret.head);
  const to = unit === "character" ? caret.head : Math.max(caret.anchor, caret.head);
  return forward
    ? units.find((each) => each.from >= to)
    : units.findLast((each) => each.to <= from);
}

function extended({ anchor, head }: Caret, forward: boolean, units: readonly Range[]): Caret {
  const grows = forward === head >= anchor;
  if (grows) return { anchor, head: edge(head, forward, units, forward) };
  const shrunk = edge(head, forward, units, !forward);
  // What was one unit turns over: it stays in the stretch, which then grows to the other side.
  const crossed = forward ? shrunk >= anchor : shrunk <= anchor;
  if (!crossed) return { anchor, head: shrunk };
  return { anchor: head, head: edge(anchor, forward, units, forward) };
}

/** The next end (or beginning) of a unit from `at`; `at` where there is none. */
function edge(at: number, forward: boolean, units: readonly Range[], ends: boolean): number {
  const edges = units.map(({ from, to }) => (ends ? to : from));
  return (forward ? edges.find((each) => each > at) : edges.findLast((each) => each < at)) ?? at;
}

function over(unit: Range | undefined): Caret | null {
  return unit === undefined ? null : { anchor: unit.from, head: unit.to };
}

/** Widen a stretch to whole words; what touches no word stays as it is. */
export function snapped({ from, to }: Range, text: string, language: string): Range {
  const touched = wordsOf(text, language).filter((word) => word.from < to && word.to > from);
  return {
    from: Math.min(from, touched[0]?.from ?? from),
    to: Math.max(to, touched.at(-1)?.to ?? to),
  };
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string, granularity: "word" | "grapheme"): Intl.Segmenter {
  const key = `${granularity}/${language}`;
  const known = segmenters.get(key) ?? made(language, granularity);
  segmenters.set(key, known);
  return known;
}

function made(language: string, granularity: "word" | "grapheme"): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language || undefined, { granularity });
  } catch {
    // A project's language may be a word that is no language's code.
    return new Intl.Segmenter(undefined, { granularity });
  }
}
