import i18next from "i18next";
import { createElement, Fragment, type ReactNode } from "react";
import { SERVER_FILES, teller } from "./told";
import { typeset } from "./typography";

/**
 * The page's words in the reader's language.
 *
 * English is the key: what `t` is given is what English readers see, and `locales/LANGUAGE/*.json`
 * say the same in another. `locales/en` has only what English itself has in two forms. A language
 * is added by its folder. It is loaded before the page is drawn and changed by drawing it anew, so
 * that `t` is an ordinary function: pure code and constants may use it.
 */
const files = import.meta.glob<Record<string, string>>("../../locales/*/*.json", {
  import: "default",
});

/** The languages that have a folder, English first. */
export const languages: readonly string[] = [
  ...new Set(["en", ...Object.keys(files).map(languageOf).sort()]),
];

const KEY = "kodkod.language";

function languageOf(file: string): string {
  return file.split("/").at(-2) ?? "";
}

/**
 * Return the language that was chosen, or English.
 *
 * The browser's is not taken up unasked: what plugins from elsewhere say may be in English only, and
 * another language beside it is for those who choose it.
 */
export function wantedLanguage(): string {
  const chosen = localStorage.getItem(KEY) ?? "";
  return languages.includes(chosen) ? chosen : "en";
}

/** Remember a language and draw the page in it; what was typed into annotations is kept. */
export function chooseLanguage(language: string): void {
  localStorage.setItem(KEY, language);
  window.location.reload();
}

/** Load a language; to be awaited before anything is drawn. */
export async function loadLanguage(wanted: string): Promise<void> {
  const ours = Object.keys(files).filter((file) => languageOf(file) === wanted);
  const [words, phrases] = await Promise.all([
    wordsOf(
      wanted,
      ours.filter((file) => !SERVER_FILES.test(file)),
    ),
    wordsOf(
      wanted,
      ours.filter((file) => SERVER_FILES.test(file)),
    ),
  ]);
  tell = teller(new Map(Object.entries(phrases)), (value, decimals) =>
    new Intl.NumberFormat(language(), {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }).format(value),
  );
  await i18next.init({
    lng: wanted,
    resources: { [wanted]: { translation: words } },
    // English sentences are the keys, and have dots and colons of their own.
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
  });
  document.documentElement.lang = wanted;
}

async function wordsOf(
  language: string,
  from: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const loaded = await Promise.all(from.map((file) => files[file]?.() ?? {}));
  return Object.fromEntries(
    Object.entries(Object.assign({}, ...loaded) as Record<string, string>).map(
      ([sentence, text]) => [sentence, typeset(language, text)],
    ),
  );
}

let tell = (text: string) => text;

/** Say in the reader's language what the server said, as far as the language has it. */
export function told(text: string): string {
  return tell(text);
}

/** The language that the page is in. */
export function language(): string {
  return i18next.language ?? "en";
}

export type Values = Readonly<Record<string, string | number>>;

/**
 * Say an English sentence in the reader's language.
 *
 * `{{name}}` stands for a value; numbers are written as the language does. With a value named
 * `count` the form fits its number: "{{count}} texts" has the entries `..._one` and `..._other`.
 * The sentence must be a literal: locales.test.ts looks for it in every language.
 */
export function t(sentence: string, values: Values = {}): string {
  return said(sentence, values.count).replace(PLACE, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    return typeof value === "number" ? new Intl.NumberFormat(language()).format(value) : value;
  });
}

/** As `t`, with elements in the places: returns what stands between them and themselves. */
export function phrase(
  sentence: string,
  parts: Readonly<Record<string, ReactNode>>,
): readonly ReactNode[] {
  return said(sentence, undefined)
    .split(PLACE)
    .map((piece, at) =>
      at % 2 === 0 ? piece : createElement(Fragment, { key: at }, parts[piece]),
    );
}

const PLACE = /\{\{(\w+)\}\}/g;

function said(sentence: string, count: string | number | undefined): string {
  const form = typeof count === "number" ? { count } : {};
  return i18next.t(sentence, { ...form, skipInterpolation: true });
}
