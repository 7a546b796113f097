import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const LOCALES = import.meta.dirname;
const SOURCES = join(LOCALES, "..");

/** A sentence of the source, and whether its form goes by a number. */
interface Sentence {
  readonly text: string;
  readonly counted: boolean;
}

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name) && !/\.test\.|testing\.|generated/.test(name))
    .map((name) => join(folder, name));
}

/** Words that a person reads or hears, by the attributes that hold them. */
const READ = /^(label|description|placeholder|title|alt|aria-label|none|nothingFoundMessage)$/;

/** Names that are the same in every language. */
const NAMES: readonly string[] = ["kodkod", "Kodkod"];

/**
 * What speaks English alone still: a file leaves this list once all its words go through `t`, and
 * none is added.
 */
const ENGLISH_ALONE =
  /^(features\/(jobs\/|learning\/|llm\/Secrets)|shared\/(charts|coding|form|jobs|notices))/;

/** Find what stands in elements without `t`, by the file that says it. */
function bareWords(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, "utf8"),
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.TSX,
  );
  const bare: string[] = [];
  const note = (text: string) => {
    const words = text.replace(/&\w+;/g, "").trim();
    if (/\p{L}{2}/u.test(words) && !NAMES.includes(words)) bare.push(words);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) note(node.text);
    if (ts.isJsxAttribute(node) && READ.test(node.name.getText())) {
      if (node.initializer !== undefined && ts.isStringLiteral(node.initializer)) {
        note(node.initializer.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return bare;
}

/** Find what `t` and `phrase` are given; what is no literal is listed by its place. */
function sentences(): { found: Sentence[]; others: string[] } {
  const found: Sentence[] = [];
  const others: string[] = [];
  for (const file of filesIn(SOURCES, /\.tsx?$/)) {
    const source = ts.createSourceFile(
      file,
      readFileSync(file, "utf8"),
      ts.ScriptTarget.Latest,
      true,
    );
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && /^(t|phrase)$/.test(node.expression.getText())) {
        const values = node.arguments[1]?.getText() ?? "";
        for (const text of literals(node.arguments[0])) {
          if (text === null) others.push(`${file}: ${node.getText()}`);
          else
            found.push({ text, counted: /\bcount\b/.test(values) && text.includes("{{count}}") });
        }
      }
      ts.forEachChild(node, visit);
    };
    if (!file.endsWith("translate.ts")) visit(source);
  }
  return { found, others };
}

function literals(node: ts.Expression | undefined): (string | null)[] {
  if (node === undefined) return [null];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return literals(node.expression);
  if (ts.isConditionalExpression(node)) {
    return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  }
  return [null];
}

function entries(language: string): ReadonlyMap<string, string> {
  const all = filesIn(join(LOCALES, language), /\.json$/).flatMap((file) =>
    Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>),
  );
  return new Map(all);
}

function forms(language: string, text: string): string[] {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return categories.map((category) => `${text}_${category}`);
}

const { found, others } = sentences();
const translated = readdirSync(LOCALES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "en")
  .map(({ name }) => name);

test("every sentence is a literal, so that it can be found here", () => {
  expect(others).toEqual([]);
});

test("what stands in elements goes through t", () => {
  const said = filesIn(SOURCES, /\.tsx$/).flatMap((file) => {
    const place = relative(SOURCES, file);
    return ENGLISH_ALONE.test(place) ? [] : bareWords(file).map((words) => `${place}: ${words}`);
  });
  expect(said).toEqual([]);
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
