/** Something that the palette finds: to do here, or to go to. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  /** The heading under which it stands, which is searched as well. */
  readonly section: string;
  /** Its key, as it is shown; null where it has none. */
  readonly key: string | null;
  readonly run: () => void;
}

const MOST_SHOWN = 60;

/**
 * Return what fits what was typed, the best first; all of it where nothing was typed.
 *
 * Every word must be there, in the title or the section. Among equals the recent ones come first,
 * and then the order as given.
 */
export function found(
  entries: readonly Entry[],
  typed: string,
  recent: readonly string[],
): readonly Entry[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const age = new Map(recent.map((id, at) => [id, at]));
  return entries
    .flatMap((entry, at) => {
      const fit = fitOf(entry, words);
      return fit === null ? [] : [{ entry, fit, age: age.get(entry.id) ?? recent.length, at }];
    })
    .toSorted((a, b) => a.fit - b.fit || a.age - b.age || a.at - b.at)
    .slice(0, MOST_SHOWN)
    .map(({ entry }) => entry);
}

/** How well an entry fits, less being better; null where a word is missing. */
function fitOf({ title, section }: Entry, words: readonly string[]): number | null {
  const [name, around] = [plain(title), plain(section)];
  let fit = 0;
  for (const word of words) {
    if (name.startsWith(word)) fit += 0;
    else if (beginsIn(name, word)) fit += 1;
    else if (name.includes(word)) fit += 2;
    else if (around.includes(word)) fit += 3;
    else return null;
  }
  return fit;
}

function beginsIn(text: string, word: string): boolean {
  return text.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word));
}

/** Without accents and case: "reglages" finds "Réglages". */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

const KEY = "kodkod.recent";
const KEPT = 12;

/** What somebody chose in the palette before, the last first. */
export function recentOf(user: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`${KEY}.${user}`) ?? "[]");
    return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}

/** Remember what was chosen. */
export function noteRecent(user: string, id: string): void {
  const ids = [id, ...recentOf(user).filter((each) => each !== id)].slice(0, KEPT);
  try {
    localStorage.setItem(`${KEY}.${user}`, JSON.stringify(ids));
  } catch {
    // A full storage only forgets what was recent.
  }
}
