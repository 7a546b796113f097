import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { typeset } from "@/shared/words/typography";
import { bareWords } from "./bare.testing";
import { filesIn, parsed, sentencesIn } from "./testing";

const LOCALES = import.meta.dirname;
const SOURCES = join(LOCALES, "..");
const FILES = filesIn(SOURCES, /\.tsx?$/);

/** The entries of a language, by the file that has them. */
function filesOf(language: string): readonly [string, Record<string, string>][] {
  return filesIn(join(LOCALES, language), /\.json$/).map((file) => [
    relative(LOCALES, file),
    JSON.parse(readFileSync(file, "utf8")) as Record<string, string>,
  ]);
}

function entries(language: string): ReadonlyMap<string, string> {
  return new Map(filesOf(language).flatMap(([, words]) => Object.entries(words)));
}

/** What several files say of one sentence, and not alike: only one of them would be heard. */
function contradictions(language: string): string[] {
  const said = new Map<string, Set<string>>();
  for (const [, words] of filesOf(language)) {
    for (const [key, text] of Object.entries(words)) {
      said.set(key, (said.get(key) ?? new Set()).add(typeset(language, text)));
    }
  }
  return [...said].filter(([, texts]) => texts.size > 1).map(([key]) => key);
}

function forms(language: string, text: string): string[] {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return categories.map((category) => `${text}_${category}`);
}

const { found, others } = sentencesIn(FILES.filter((file) => !file.endsWith("translate.ts")));
const translated = readdirSync(LOCALES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "en")
  .map(({ name }) => name);

test("every sentence is a literal, so that it can be found here", () => {
  expect(others).toEqual([]);
});

test("what people read goes through t", { timeout: 60_000 }, () => {
  const said = FILES.flatMap((file) =>
    bareWords(parsed(file)).map((words) => `${relative(SOURCES, file)}: ${words}`),
  );
  expect(said).toEqual([]);
});

test("numbers and times are written as the page's language does", () => {
  const fixed =
    /new Intl\.\w+Format\((?!language\(\)|inside\b)|new Intl\.DisplayNames\("|toLocale(Date|Time)?String\(/;
  const files = FILES.filter((file) => fixed.test(readFileSync(file, "utf8")));
  expect(files.map((file) => relative(SOURCES, file))).toEqual([]);
});

test("English says one and many of what is counted", () => {
  const english = entries("en");
  const counted = found.filter(({ counted }) => counted).flatMap(({ text }) => forms("en", text));
  expect(counted.filter((key) => !english.has(key))).toEqual([]);
});

describe.each(translated)("%s", (language) => {
  const words = entries(language);
  const needed = new Set(
    found.flatMap(({ text, counted }) => (counted ? forms(language, text) : [text])),
  );

  test("says every sentence", () => {
    expect([...needed].filter((key) => !words.has(key))).toEqual([]);
  });

  test("says no sentence in two ways", () => {
    expect(contradictions(language)).toEqual([]);
  });

  test("keeps the places of a sentence", () => {
    const places = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted().join();
    const moved = [...words].filter(([key, text]) => {
      const [one, other] = [places(key), places(text)];
      // A form of one may leave the number out: "a text".
      return (
        one !== other && !(/_one$/.test(key) && other === places(key.replace("{{count}}", "")))
      );
    });
    expect(moved).toEqual([]);
  });
});
