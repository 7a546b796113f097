import type { Disagreement, Span, VoteView } from "@/api/schema";
import { t } from "@/shared/words/translate";

/** A part of a value as it is shown: its label, and the passage that has it. */
export interface Part {
  readonly label: string;
  readonly quote: string | null;
}

const LONGEST_QUOTE = 60;

/** Take a value apart; a cleared one has no part. */
export function partsOf(value: unknown, text: string): readonly Part[] {
  if (typeof value === "string") return [{ label: value, quote: null }];
  if (!Array.isArray(value)) return [];
  const characters = value.some(isSpan) ? [...text] : [];
  return value.flatMap((each): Part[] => {
    if (typeof each === "string") return [{ label: each, quote: null }];
    if (!isSpan(each)) return [];
    const quote = characters.slice(each.start, each.end);
    return [{ label: each.label, quote: cut(quote) }];
  });
}

function cut(quote: readonly string[]): string {
  if (quote.length <= LONGEST_QUOTE) return quote.join("");
  return `${quote.slice(0, LONGEST_QUOTE - 1).join("")}…`;
}

export function isSpan(value: unknown): value is Span {
  return typeof value === "object" && value !== null && "start" in value && "label" in value;
}

/** Write a value out in a line. */
export function said(value: unknown, text: string): string {
  if (value === null || value === undefined) return t("nothing");
  const parts = partsOf(value, text);
  if (parts.length === 0) return t("no label");
  return parts
    .map(({ label, quote }) =>
      quote === null ? label : t("{{label}}: “{{quote}}”", { label, quote }),
    )
    .join(", ");
}

/** Whether two values say the same, in whatever order. */
export function same(one: unknown, other: unknown): boolean {
  return sorted(one) === sorted(other);
}

function sorted(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value ?? null);
  return JSON.stringify(value.map((each) => JSON.stringify(spanFirst(each))).toSorted());
}

function spanFirst(value: unknown): unknown {
  return isSpan(value) ? [value.start, value.end, value.label] : value;
}

/** What somebody says now and did not say when a text was looked at. */
export interface Change {
  readonly user: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly by: "vote" | "decision";
}

type Said = Pick<Disagreement, "votes" | "adjudications">;

/** Tell what has changed between two looks at a text. */
export function changesBetween(before: Said, after: Said): readonly Change[] {
  return [
    ...changesOf(before.votes, after.votes, "vote"),
    ...changesOf(before.adjudications, after.adjudications, "decision"),
  ];
}

type Given = Pick<VoteView, "seq" | "user" | "value">;

function changesOf(
  before: readonly Given[],
  after: readonly Given[],
  by: Change["by"],
): readonly Change[] {
  const users = [...new Set([...before, ...after].map(({ user }) => user))];
  return users.flatMap((user) => {
    const was = before.find((each) => each.user === user);
    const is = after.find((each) => each.user === user);
    if (was?.seq === is?.seq) return [];
    return [{ user, before: was?.value ?? null, after: is?.value ?? null, by }];
  });
}

/** The decision that counts: the newest. */
export function decisionOf({ adjudications }: Pick<Disagreement, "adjudications">) {
  return adjudications.toSorted((a, b) => b.seq - a.seq)[0] ?? null;
}
