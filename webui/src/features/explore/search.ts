import type { Condition, Region, SortKey, TableQuery } from "@/api/schema";
import { readRegion } from "./map/region";

/** What the address of the page says: which scheme, which texts, in which order, which columns. */
export interface ExploreSearch {
  readonly scheme?: string;
  readonly regex?: string;
  readonly where?: readonly Condition[];
  readonly split?: Split;
  readonly sample?: SampleKind;
  /** The person whose answers are looked for. */
  readonly by?: string;
  readonly label?: string;
  readonly sort?: readonly SortKey[];
  /** The context columns that are shown. */
  readonly columns?: readonly string[];
  /** Where on a map the texts are. */
  readonly region?: Region;
  /** How the texts are seen; as a table where it says nothing. */
  readonly view?: "map";
  /** The map that is shown. */
  readonly map?: string;
  /** What its points are coloured by. */
  readonly color?: string;
}

export const SPLITS = ["train", "valid", "test"] as const;
export type Split = (typeof SPLITS)[number];

export const SAMPLES = [
  "all",
  "untagged",
  "tagged",
  "not_by_me",
  "assigned",
  "commented",
  "flagged",
  "disagreed",
  "outdated",
  "predicted_as",
  "prediction_differs",
] as const;
export type SampleKind = (typeof SAMPLES)[number];

const OPERATIONS: readonly Condition["op"][] = [
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "in",
  "contains",
  "is_null",
  "not_null",
];

/** How many keys the server sorts by. */
const MOST_KEYS = 3;

/** Read an address; what somebody has written there that means nothing is left out. */
export function readSearch(search: Readonly<Record<string, unknown>>): ExploreSearch {
  const { scheme, regex, where, split, sample, by, label, sort, columns } = search;
  const region = readRegion(search.region);
  return {
    ...text("scheme", scheme),
    ...text("regex", regex),
    ...list("where", where, isCondition),
    ...(SPLITS.some((each) => each === split) ? { split: split as Split } : {}),
    ...(SAMPLES.some((each) => each === sample) && sample !== "all"
      ? { sample: sample as SampleKind }
      : {}),
    ...text("by", by),
    ...text("label", label),
    ...list("sort", Array.isArray(sort) ? sort.slice(0, MOST_KEYS) : sort, isSortKey),
    ...(Array.isArray(columns) ? { columns: columns.filter(isText) } : {}),
    ...(region === null ? {} : { region }),
    ...(search.view === "map" ? { view: "map" } : {}),
    ...text("map", search.map),
    ...text("color", search.color),
  };
}

function text<Name extends string>(name: Name, value: unknown): { [K in Name]?: string } {
  // A word of digits alone is a number in an address.
  const read = typeof value === "number" ? String(value) : value;
  return isText(read) && read !== "" ? ({ [name]: read } as { [K in Name]: string }) : {};
}

function list<Name extends string, T>(
  name: Name,
  value: unknown,
  fits: (each: unknown) => each is T,
): { [K in Name]?: T[] } {
  const found = Array.isArray(value) ? value.filter(fits) : [];
  return found.length === 0 ? {} : ({ [name]: found } as { [K in Name]: T[] });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCondition(value: unknown): value is Condition {
  if (typeof value !== "object" || value === null) return false;
  const { column, op } = value as Partial<Condition>;
  return isText(column) && isText(op) && OPERATIONS.includes(op);
}

function isSortKey(value: unknown): value is SortKey {
  if (typeof value !== "object" || value === null) return false;
  const { by, descending } = value as Partial<SortKey>;
  return isText(by) && (descending === undefined || typeof descending === "boolean");
}

/** Whether anything keeps texts from the table. */
export function narrows(search: ExploreSearch): boolean {
  const { regex, where, split, sample, by, label, region } = search;
  return [regex, where, split, sample, by, label, region].some((each) => each !== undefined);
}

/** Return the address without what narrows the table. */
export function withoutFilter(search: ExploreSearch): ExploreSearch {
  const { scheme, sort, columns, view, map, color } = search;
  return {
    ...(scheme === undefined ? {} : { scheme }),
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
export function tableQuestion({
  regex,
  where = [],
  split,
  sample = "all",
  by,
  label,
  region,
  sort = [],
}: ExploreSearch): TableQuery {
  const named = by !== undefined || label !== undefined;
  const kind = named && sample === "all" ? "tagged" : sample;
  return {
    sample: {
      kind,
      ...(by === undefined ? {} : { by }),
      ...(label === undefined ? {} : { labels: [label], label }),
    },
    filter: {
      ...(regex === undefined ? {} : { regex }),
      where: [...where],
      ...(region === undefined ? {} : { region }),
    },
    split: split ?? "all",
    sort: [...sort],
  };
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
