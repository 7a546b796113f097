const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const WORDS = 300;
const WORDS_IN_TEXT = 4;

/** So many short texts, with these params, keep tf-idf busy for half a minute in small steps. */
export const MANY = 120_000;
export const SLOW = { unit: "character", ngram_max: 10 };

/** Make texts of made-up words, the same each time. */
export function manyTexts(count: number): string[] {
  const next = chance(7);
  const words = Array.from({ length: WORDS }, () =>
    Array.from({ length: 3 + (next() % 8) }, () => LETTERS[next() % LETTERS.length]).join(""),
  );
  return Array.from({ length: count }, () =>
    Array.from({ length: WORDS_IN_TEXT }, () => words[next() % WORDS]).join(" "),
  );
}

/** A linear congruential generator (Numerical Recipes): good enough to shuffle letters. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
