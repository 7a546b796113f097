import { t } from "@/shared/words/translate";
import { FLAGS } from "./matches";

/** Words of one's own, or a regular expression, that are marked wherever a text has them. */
export interface Rule {
  /** Names the rule, so that it is the same while it is written. */
  readonly id: number;
  readonly kind: "words" | "pattern";
  /** Words with commas between them, or the expression. */
  readonly source: string;
  /** Which of the eight colours, from 1. */
  readonly color: number;
}

export const COLORS = 8;

/** A rule as an expression, why it cannot be one, or neither where there is nothing to look for. */
export interface Compiled {
  readonly pattern: string | null;
  readonly problem: string | null;
}

/** Make an expression of a rule; one that is wrong says why. */
export function compiled({ kind, source }: Pick<Rule, "kind" | "source">): Compiled {
  const pattern = kind === "words" ? anyOf(wordsIn(source)) : source.trim();
  if (pattern === "") return { pattern: null, problem: null };
  try {
    new RegExp(pattern, FLAGS);
    return { pattern, problem: null };
  } catch (error) {
    // Browsers write "Invalid regular expression: /…/u: why".
    const why = error instanceof Error ? (error.message.split(": ").at(-1) ?? "") : "";
    return { pattern: null, problem: t("Not a regular expression: {{why}}", { why }) };
  }
}

function wordsIn(source: string): string[] {
  return source
    .split(/[,;\n]/u)
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** Whole words, the longest first, so that "climate change" wins over "climate". */
function anyOf(words: readonly string[]): string {
  if (words.length === 0) return "";
  const longest = words.toSorted((a, b) => b.length - a.length).map(escaped);
  return `(?<![\\p{L}\\p{N}_])(?:${longest.join("|")})(?![\\p{L}\\p{N}_])`;
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
}

/** A new rule, in the first colour that no other has. */
export function another(rules: readonly Rule[]): Rule {
  const used = new Set(rules.map(({ color }) => color));
  const free = Array.from({ length: COLORS }, (_, at) => at + 1).find((color) => !used.has(color));
  const id = 1 + Math.max(0, ...rules.map((rule) => rule.id));
  return { id, kind: "words", source: "", color: free ?? 1 };
}

/** Read rules as they were stored, without what means nothing. */
export function storedRules(raw: unknown): readonly Rule[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((each: Partial<Rule> | null) => {
    const { id, kind, source, color } = each ?? {};
    const sound =
      typeof id === "number" &&
      (kind === "words" || kind === "pattern") &&
      typeof source === "string" &&
      typeof color === "number" &&
      color >= 1 &&
      color <= COLORS;
    return sound ? [{ id, kind, source, color }] : [];
  });
}
