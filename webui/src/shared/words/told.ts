/**
 * What the server says, in the reader's language.
 *
 * The server speaks English. Its phrases are listed by scripts/server_words.py; a language has its
 * own for them in `locales/LANGUAGE/components.json`, word for word, and `messages.json`, where
 * `{{0}}`, `{{1}}` stand for values. What is listed nowhere, as what a plugin from elsewhere says,
 * stays as it is.
 */

/** Which files of a language have the server's phrases, and not those of `t`. */
export const SERVER_FILES = /\/(components|messages)\.json$/;

interface Message {
  readonly pattern: RegExp;
  readonly said: string;
}

const HOLE = /\{\{(\d+)\}\}/;
/** What is longer is no sentence but a log, in which patterns would look for long. */
const LONGEST = 2_000;
/** A message may have another in it, and that one another. */
const DEEPEST = 3;

/** Return how a language says the server's phrases; `written` writes numbers as it does. */
export function teller(
  phrases: ReadonlyMap<string, string>,
  written: (value: number, decimals: number) => string,
): (text: string) => string {
  // Made when the first message is to be told: most pages show none.
  let messages: readonly Message[] | undefined;

  const whole = (text: string, depth: number): string | null => {
    const own = phrases.get(text);
    if (own !== undefined && !HOLE.test(text)) return own;
    if (depth > DEEPEST) return null;
    messages ??= compiled(phrases);
    for (const { pattern, said } of messages) {
      const found = pattern.exec(text);
      if (found !== null) {
        return said.replace(/\{\{(\d+)\}\}/g, (_, at: string) =>
          value(found[Number(at) + 1] ?? "", depth + 1),
        );
      }
    }
    return null;
  };

  /** What stands in a place: a number, perhaps with its unit, a phrase, or as it is. */
  const value = (text: string, depth: number): string => {
    const [, number, unit] = /^(-?\d[\d,]*(?:\.\d+)?)( .*)?$/.exec(text) ?? [];
    if (number !== undefined && isGrouped(number)) {
      const decimals = number.split(".")[1]?.length ?? 0;
      const amount = written(Number(number.replaceAll(",", "")), decimals);
      return unit === undefined
        ? amount
        : `${amount} ${phrases.get(unit.slice(1)) ?? unit.slice(1)}`;
    }
    return text === "" ? "" : told(text, depth);
  };

  const told = (text: string, depth: number): string =>
    // Sentences come first: a place of one could hold the others.
    sentences(text, depth) ?? whole(text, depth) ?? behind(text, depth) ?? text;

  /** "params.dim: Expected ...": the place stays, what is said of it is told. */
  const behind = (text: string, depth: number): string | null => {
    const [, place, rest] = /^([\w.[\] ]+: )(.+)$/s.exec(text) ?? [];
    if (place === undefined || rest === undefined) return null;
    const said = whole(rest, depth);
    return said === null ? null : place + said;
  };

  /** Sentences that were put together; all are told, or none. */
  const sentences = (text: string, depth: number): string | null => {
    const parts = text.split(/(?<=[.!?]) (?=\p{Lu})/u);
    if (parts.length < 2) return null;
    const said = parts.map((part) => whole(part, depth));
    return said.includes(null) ? null : said.join(" ");
  };

  return (text) => (phrases.size === 0 || text.length > LONGEST ? text : told(text, 0));
}

/** Whether a number is written as English groups it; other numbers may be names. */
function isGrouped(number: string): boolean {
  return /^-?\d{1,3}(,\d{3})+(\.\d+)?$|^-?\d+(\.\d+)?$/.test(number);
}

/** Make patterns of the messages; the one with the most words of its own comes first. */
function compiled(phrases: ReadonlyMap<string, string>): readonly Message[] {
  const own = (phrase: string) => phrase.replace(/\{\{\d+\}\}/g, "").length;
  return [...phrases]
    .filter(([phrase]) => HOLE.test(phrase))
    .toSorted(([one], [other]) => own(other) - own(one))
    .map(([phrase, said]) => ({
      pattern: new RegExp(
        `^${phrase
          .split(/\{\{\d+\}\}/)
          .map(literal)
          .join("(.*?)")}$`,
        "s",
      ),
      said,
    }));
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
