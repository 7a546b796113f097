import type { TextFilter } from "@/shared/filter/filter";
import { MOST_PICKED, writeRows } from "@/shared/filter/rows";
import type { ExploreSearch } from "./search";

/** What the page for annotating is given in its address. */
export type Handover = TextFilter;

/** The texts that a filter lets through, in the order that is usual there. */
export function filterHandover(search: ExploreSearch): Handover {
  const { regex, where, sample, by, label, region, rows } = search;
  const found: { -readonly [K in keyof Handover]: Handover[K] | undefined } = {
    regex,
    where,
    // A table has texts of all splits, of which only one is coded where nothing else is said.
    split: search.split ?? "all",
    sample,
    by,
    label,
    region,
    rows,
  };
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined),
  ) as Handover;
}

/** Texts that were picked, in the order in which they were. */
export function pickedHandover(rows: readonly number[], coded: boolean): Handover {
  return {
    rows: writeRows(rows.slice(0, MOST_PICKED)),
    // Whoever picks what they have coded, all of it, wants to see it again.
    ...(coded ? { sample: "all" } : {}),
  };
}
