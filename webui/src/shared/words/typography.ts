const NARROW = "\u202f";
const WIDE = "\u00a0";

/**
 * How languages set what is typed on a keyboard: with which spaces and signs.
 *
 * Files of `locales` have plain spaces and apostrophes, which anybody can type and nobody overlooks.
 */
const CUSTOMS: Readonly<Record<string, (text: string) => string>> = {
  // No line may begin with a sign that French sets apart from the word before it.
  fr: (text) =>
    text
      .replaceAll("'", "\u2019")
      .replace(/ ([;!?])/g, `${NARROW}$1`)
      .replace(/ ([:%»])/g, `${WIDE}$1`)
      .replace(/(\d|\}\}) (?=([kM]?Wh|k?g|t|[MGT]o|h|min|s)(?!\p{L}))/gu, `$1${WIDE}`)
      .replace(/« /g, `«${WIDE}`),
};

/** Set a sentence as its language is set. */
export function typeset(language: string, text: string): string {
  return CUSTOMS[language]?.(text) ?? text;
}
