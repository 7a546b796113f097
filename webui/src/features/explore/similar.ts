import type { Similar, SortKey } from "@/api/schema";

/** What texts are to be like: words, or one of them by its id; as an address has it. */
export interface Sought {
  readonly text?: string;
  readonly id?: string;
  /** The feature by whose vectors texts are compared; the server's choice where none is named. */
  readonly feature?: string;
  /** Texts that are less alike are left out. */
  readonly least?: number;
}

/** Read what an address says that texts are to be like; null where it says nothing that can be meant. */
export function readSought(value: unknown): Sought | null {
  if (typeof value !== "object" || value === null) return null;
  const { text, id, feature, least } = value as { readonly [K in keyof Sought]: unknown };
  // One of both: what is written goes before what was pressed.
  const what = isWord(text) ? { text } : isWord(id) ? { id } : null;
  if (what === null) return null;
  return {
    ...what,
    ...(isWord(feature) ? { feature } : {}),
    ...(typeof least === "number" && least >= -1 && least <= 1 ? { least } : {}),
  };
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** Look for something else in the same way; null where nothing is left to look for. */
export function soughtFor(
  what: { readonly text: string } | { readonly id: string },
  { feature, least }: Sought,
): Sought | null {
  return readSought({ ...what, feature, least });
}

/** The same without a least similarity: an order, which keeps no text away. */
export function orderOnly({ least: _, ...sought }: Sought): Sought {
  return sought;
}

/** The order that a table has: the most similar first, where texts are looked for and nothing else is said. */
export function orderShown(
  sort: readonly SortKey[] | undefined,
  sought: Sought | undefined,
): readonly SortKey[] | undefined {
  if (sort !== undefined || sought === undefined) return sort;
  return [{ by: "similarity", descending: true }];
}

/** Leave out what cannot be sorted by where no texts are looked for. */
export function sortable(sort: readonly SortKey[], sought: Sought | undefined): readonly SortKey[] {
  return sought === undefined ? sort.filter(({ by }) => by !== "similarity") : sort;
}

/** Read how alike texts are to be at least, as it was written; undefined for no bound, null if it is none. */
export function readLeast(written: string): number | undefined | null {
  const value = written.trim().replace(",", ".");
  if (value === "") return undefined;
  const least = Number(value);
  return Number.isFinite(least) && least >= -1 && least <= 1 ? least : null;
}

export function asSimilar(sought: Sought): Similar {
  return { ...sought };
}
