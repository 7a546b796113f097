/** A mention that is being written: from its @ to the caret. */
export interface Mention {
  readonly start: number;
  readonly end: number;
  readonly sought: string;
}

/** As the server finds mentions, up to the caret. */
const BEGUN = /(?<![A-Za-z0-9._@-])@([A-Za-z0-9][A-Za-z0-9._@-]{0,62})?$/;

/** Find the mention that the caret stands in, if it stands in one. */
export function mentionAt(text: string, caret: number): Mention | null {
  const found = BEGUN.exec(text.slice(0, caret));
  if (found === null) return null;
  return { start: found.index, end: caret, sought: (found[1] ?? "").toLowerCase() };
}

const MOST = 6;

/** Names that a mention may mean: those that begin so, then those that have it somewhere. */
export function suggestedNames(names: readonly string[], { sought }: Mention): readonly string[] {
  const found = names.filter((name) => name.toLowerCase().includes(sought));
  const begins = (name: string) => Number(!name.toLowerCase().startsWith(sought));
  return found.toSorted((a, b) => begins(a) - begins(b) || a.localeCompare(b)).slice(0, MOST);
}

/** Put a name into a text; returns it with the place of the caret behind the name. */
export function completed(
  text: string,
  { start, end }: Mention,
  name: string,
): { readonly text: string; readonly caret: number } {
  const before = `${text.slice(0, start)}@${name} `;
  return { text: before + text.slice(end).replace(/^ /, ""), caret: before.length };
}
