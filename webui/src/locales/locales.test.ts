import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { SERVER_FILES, teller } from "@/shared/words/told";
import { typeset } from "@/shared/words/typography";
import { bareWords } from "./bare.testing";
import { filesIn, parsed, sentencesIn } from "./testing";

const LOCALES = import.meta.dirname;
const SOURCES = join(LOCALES, "..");
const FILES = filesIn(SOURCES, /\.tsx?$/);

/** What there is to say of the server's, as scripts/server_words.py lists it. */
const SERVER = ["components.json", "messages.json"].map((name) => ({
  name,
  phrases: read<readonly string[]>(join(LOCALES, name)),
}));

function read<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

/** The entries of a language for `t`, by the file that has them. */
function filesOf(language: string): readonly [string, Record<string, string>][] {
  return filesIn(join(LOCALES, language), /\.json$/)
    .filter((file) => !SERVER_FILES.test(file))
    .map((file) => [relative(LOCALES, file), read<Record<string, string>>(file)]);
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
    const moved = [...words].filter(([key, text]) => {
      const [one, other] = [places(key), places(text)];
      // A form of one may leave the number out: "a text".
      return (
        one !== other && !(/_one$/.test(key) && other === places(key.replace("{{count}}", "")))
      );
    });
    expect(moved).toEqual([]);
  });

  describe.each(SERVER)("of the server, $name", ({ name, phrases }) => {
    const own = new Map(
      Object.entries(read<Record<string, string>>(join(LOCALES, language, name))),
    );

    test("is said, and nothing that the server does not say", () => {
      expect([...own.keys()].toSorted()).toEqual(phrases.toSorted());
    });

    test("keeps its places", () => {
      expect([...own].filter(([key, text]) => places(key) !== places(text))).toEqual([]);
    });

    test("is told as itself, with values in its places", () => {
      const tell = teller(own, String);
      const filled = (text: string) => text.replace(/\{\{(\d+)\}\}/g, "'v$1'");
      const mistaken = phrases.filter(
        (phrase) => tell(filled(phrase)) !== filled(own.get(phrase) ?? ""),
      );
      expect(mistaken).toEqual([]);
    });
  });

  test("says what both lists of the server have in one way", () => {
    const said = SERVER.map(({ name }) =>
      read<Record<string, string>>(join(LOCALES, language, name)),
    );
    const [components = {}, messages = {}] = said;
    const twice = Object.keys(components).filter((key) => key in messages);
    expect(twice.filter((key) => components[key] !== messages[key])).toEqual([]);
  });
});

function places(text: string): string {
  return (text.match(/\{\{\w+\}\}/g) ?? []).toSorted().join();
}
