/** Expressions ignore case and know the letters of all languages. */
export const FLAGS = "giu";

/** So many places are marked; more would be all of the text. */
const MOST = 2_000;

/** Find where a pattern fits, in UTF-16 units; places of no length are left out. */
export function matchesIn(pattern: string, text: string): [number, number][] {
  const places: [number, number][] = [];
  for (const match of text.matchAll(new RegExp(pattern, FLAGS))) {
    if (match[0] === "") continue;
    places.push([match.index, match.index + match[0].length]);
    if (places.length === MOST) break;
  }
  return places;
}
