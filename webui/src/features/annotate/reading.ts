import type { FeatureInfo, ModelInfo, ReadingWindow, SchemeInfo } from "@/api/schema";

/** Where somebody ceases to read a text, and who. */
export interface ReadingEnd {
  readonly who: string;
  readonly tokens: number;
  /** The place in the text: between two words, about where it is. */
  readonly at: number;
}

/**
 * Find where the guide's features, or the model whose answers are shown, cease to read a text: the first of
 * these places. Null where all is read.
 */
export function readingEnd(
  text: string,
  guide: SchemeInfo["guide"],
  features: readonly FeatureInfo[],
  model: ModelInfo | undefined,
): ReadingEnd | null {
  const used = features.filter(({ id, name }) =>
    (guide?.features ?? []).some((each) => each === id || each === name),
  );
  const readers = [...used, ...(model === undefined ? [] : [model])].flatMap((each) => {
    const window = windowOf(each);
    return window == null ? [] : [{ who: each.name, ...window }];
  });
  const [first] = readers.sort((a, b) => a.characters - b.characters);
  if (first === undefined || text.length <= first.characters) return null;
  const at = endOfWord(text, first.characters);
  return at >= text.trimEnd().length ? null : { who: first.who, tokens: first.tokens, at };
}

function windowOf(reader: FeatureInfo | ModelInfo): ReadingWindow | null | undefined {
  return "training" in reader ? reader.training.window : reader.window;
}

const LONGEST_WORD = 40;

/** The end of the word that a place is in. Languages without spaces have long ones: then the place. */
function endOfWord(text: string, place: number): number {
  const rest = text.slice(place, place + LONGEST_WORD).search(/\s/);
  if (rest >= 0) return place + rest;
  if (place + LONGEST_WORD >= text.length) return text.length;
  // Not between the halves of a character.
  const low = text.charCodeAt(place);
  return low >= 0xdc00 && low <= 0xdfff ? place + 1 : place;
}
