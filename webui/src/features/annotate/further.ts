import { type AskedSearch, readAsked } from "./question";

/** What the address of the page says: which texts, and the schemes coded beside the first. */
export interface AnnotateSearch extends AskedSearch {
  readonly with?: readonly string[] | undefined;
}

/** As many as the server takes. */
export const MOST = 8;

/** Read the address, and drop what means nothing. */
export function readSearch(search: Record<string, unknown>): AnnotateSearch {
  const asked = readAsked(search);
  const named = typeof search.with === "string" ? [search.with] : search.with;
  if (!Array.isArray(named)) return asked;
  const names = named.filter((name): name is string => typeof name === "string" && name !== "");
  return { ...asked, with: [...new Set(names)].slice(0, MOST) };
}

/** Of the names that are asked for, those of schemes that there are, without the first. */
export function known<S extends { readonly name: string }>(
  asked: readonly string[],
  schemes: readonly S[],
  first: string,
): readonly S[] {
  return asked.flatMap((name) =>
    name === first ? [] : schemes.filter((scheme) => scheme.name === name),
  );
}

/** Add a scheme at the end, or take it away. */
export function toggledScheme(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names.filter((each) => each !== name) : [...names, name];
}
