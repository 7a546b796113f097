import type { SortKey, TableQuery } from "@/api/schema";
import { asked, narrows, readFilter, type TextFilter, textIn } from "@/shared/filter/filter";
import { asSimilar, orderOnly, readSought, type Sought, sortable } from "./similar";

/** What the address of the page says: which scheme, which texts, in which order, which columns. */
export interface ExploreSearch extends TextFilter {
  readonly scheme?: string;
  /** What texts are to be like: their order, or with a least similarity a filter as well. */
  readonly similar?: Sought;
  readonly sort?: readonly SortKey[];
  /** The context columns that are shown. */
  readonly columns?: readonly string[];
  /** How the texts are seen; as a table where it says nothing. */
  readonly view?: "map";
  /** The map that is shown. */
  readonly map?: string;
  /** What its points are coloured by. */
  readonly color?: string;
}

/** How many keys the server sorts by. */
const MOST_KEYS = 3;

/** Read an address; what somebody has written there that means nothing is left out. */
export function readSearch(search: Readonly<Record<string, unknown>>): ExploreSearch {
  const { sort, columns } = search;
  const similar = readSought(search.similar);
  return {
    ...textIn(search, "scheme"),
    ...readFilter(search, "all"),
    ...(similar === null ? {} : { similar }),
    ...sortKeys(sort, similar ?? undefined),
    ...(Array.isArray(columns) ? { columns: columns.filter(isText) } : {}),
    ...(search.view === "map" ? { view: "map" } : {}),
    ...textIn(search, "map"),
    ...textIn(search, "color"),
  };
}

function sortKeys(
  value: unknown,
  similar: Sought | undefined,
): { readonly sort?: readonly SortKey[] } {
  const keys = (Array.isArray(value) ? value.slice(0, MOST_KEYS) : []).filter(isSortKey);
  const sort = sortable(keys, similar);
  return sort.length === 0 ? {} : { sort };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isSortKey(value: unknown): value is SortKey {
  if (typeof value !== "object" || value === null) return false;
  const { by, descending } = value as Partial<SortKey>;
  return isText(by) && (descending === undefined || typeof descending === "boolean");
}

/** Whether anything keeps texts from the table. */
export function narrowed(search: ExploreSearch): boolean {
  return narrows(search) || search.similar?.least !== undefined;
}

/** Return the address without what narrows the table. */
export function withoutFilter(search: ExploreSearch): ExploreSearch {
  const { scheme, similar, sort, columns, view, map, color } = search;
  return {
    ...(scheme === undefined ? {} : { scheme }),
    ...(similar === undefined ? {} : { similar: orderOnly(similar) }),
    ...(sort === undefined ? {} : { sort }),
    ...(columns === undefined ? {} : { columns }),
    ...(view === undefined ? {} : { view }),
    ...(map === undefined ? {} : { map }),
    ...(color === undefined ? {} : { color }),
  };
}

/** Put a change into an address; undefined takes something out. */
export function changed(
  search: ExploreSearch,
  change: { readonly [K in keyof ExploreSearch]?: ExploreSearch[K] | undefined },
): ExploreSearch {
  return readSearch({ ...search, ...change });
}

/** What is asked of the server; a person or a label looks among the coded texts. */
export function tableQuestion({ split, sort = [], similar, ...filter }: ExploreSearch): TableQuery {
  return {
    ...asked(filter, "all"),
    split: split ?? "all",
    sort: [...sort],
    ...(similar === undefined ? {} : { similar: asSimilar(similar) }),
  };
}

/** What tells which texts there are, whatever their order. */
export function filterKeyOf({ similar, ...question }: TableQuery): string {
  const narrowing = similar?.least == null ? {} : { similar };
  return JSON.stringify({ ...question, ...narrowing, sort: [] });
}

/** How a column is sorted now: its place among the keys, and which way. */
export function sorting(
  sort: readonly SortKey[] | undefined,
  by: string,
): { readonly place: number; readonly descending: boolean } | null {
  const place = (sort ?? []).findIndex((each) => each.by === by);
  return place < 0 ? null : { place, descending: sort?.[place]?.descending ?? false };
}

/**
 * Sort by a column: up, then down, then no more. `beside` keeps the other keys and lets the column
 * decide where they tie.
 */
export function resorted(
  sort: readonly SortKey[] | undefined,
  by: string,
  beside: boolean,
): readonly SortKey[] | undefined {
  const now = sorting(sort, by);
  const others = beside ? (sort ?? []).filter((each) => each.by !== by) : [];
  const key = { by, descending: now !== null };
  if (now?.descending) return others.length === 0 ? undefined : others;
  if (!beside || now === null) return [...others, key].slice(-MOST_KEYS);
  return (sort ?? []).map((each) => (each.by === by ? key : each));
}
