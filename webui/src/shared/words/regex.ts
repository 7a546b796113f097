/** Phrase a text as a regular expression that means just it. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|#&~-]/g, "\\$&");
}

const IGNORES_CASE = "(?i)";

/** Phrase words as a regular expression that finds them wherever they stand, in either case. */
export function containing(words: string): string {
  return `${IGNORES_CASE}${literally(words)}`;
}

/** The words that an expression of `containing` looks for; null for any other expression. */
export function contained(regex: string): string | null {
  if (!regex.startsWith(IGNORES_CASE)) return null;
  const words = regex.slice(IGNORES_CASE.length).replace(/\\([\\^$.*+?()[\]{}|#&~-])/g, "$1");
  return words !== "" && containing(words) === regex ? words : null;
}
