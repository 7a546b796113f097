import type { Condition, Filter, Region, Sample } from "@/api/schema";
import { isCondition } from "./conditions";
import { readRegion } from "./region";
import { readRows } from "./rows";

/**
 * Which texts, by what they are and what was said of them, as an address has it.
 *
 * The table and the page for annotating use the same names, so that one can hand its texts to the
 * other.
 */
export interface TextFilter {
  /** In the server's syntax; `containing` (words/regex.ts) makes one of plain words. */
  readonly regex?: string;
  readonly where?: readonly Condition[];
  /** A table has all splits where nothing is said, and texts to code are of the first. */
  readonly split?: Split | "all";
  readonly sample?: SampleKind;
  /** The person whose answers are looked for. */
  readonly by?: string;
  readonly label?: string;
  /** Where on a map the texts are. */
  readonly region?: Region;
  /** Texts that somebody has picked, by their numbers and in their order (rows.ts). */
  readonly rows?: string;
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

/** Of which samples a label, or a person who answered, can be asked as well. */
const BY_LABEL: readonly SampleKind[] = ["tagged", "predicted_as"];
const BY_PERSON: readonly SampleKind[] = ["tagged", "outdated"];

/** Read an address; what means nothing is left out, and so is the `usual` sample. */
export function readFilter(
  search: Readonly<Record<string, unknown>>,
  usual: SampleKind,
): TextFilter {
  const { where, split, sample } = search;
  const region = readRegion(search.region);
  const conditions = Array.isArray(where) ? where.filter(isCondition) : [];
  const picked = textIn(search, "rows");
  const splits = usual === "all" ? SPLITS : ([...SPLITS, "all"] as const);
  return {
    ...textIn(search, "regex"),
    ...(conditions.length === 0 ? {} : { where: conditions }),
    ...(splits.some((each) => each === split) ? { split: split as Split } : {}),
    ...(SAMPLES.some((each) => each === sample) && sample !== usual
      ? { sample: sample as SampleKind }
      : {}),
    ...textIn(search, "by"),
    ...textIn(search, "label"),
    ...(region === null ? {} : { region }),
    ...(readRows(picked.rows ?? "") === null ? {} : picked),
  };
}

/** Return a word of an address under its name; nothing where there is none. */
export function textIn<Name extends string>(
  search: Readonly<Record<string, unknown>>,
  name: Name,
): { [K in Name]?: string } {
  const value = search[name];
  // A word of digits alone is a number in an address.
  const read = typeof value === "number" ? String(value) : value;
  return typeof read === "string" && read !== ""
    ? ({ [name]: read } as { [K in Name]: string })
    : {};
}

/** Phrase a filter for the server; a person or a label looks among the coded texts. */
export function asked(
  { regex, where = [], sample, by, label, region, rows }: TextFilter,
  usual: SampleKind,
): { readonly sample: Sample; readonly filter: Filter } {
  const picked = rows === undefined ? null : readRows(rows);
  return {
    sample: {
      kind: kindOfSample({ sample, by, label }, usual),
      ...(by === undefined ? {} : { by }),
      ...(label === undefined ? {} : { labels: [label], label }),
    },
    filter: {
      ...(regex === undefined ? {} : { regex }),
      where: [...where],
      ...(region === undefined ? {} : { region }),
      ...(picked === null ? {} : { rows: [...picked] }),
    },
  };
}

/** Which sample a filter asks for, once what it says of a person or a label is taken in. */
export function kindOfSample(
  { sample, by, label }: { readonly [K in "sample" | "by" | "label"]?: TextFilter[K] | undefined },
  usual: SampleKind,
): SampleKind {
  const kind = sample ?? usual;
  const named = by !== undefined || label !== undefined;
  return named && (sample === undefined || kind === "all") ? "tagged" : kind;
}

/** Whether anything keeps texts away. */
export function narrows(filter: TextFilter): boolean {
  const { regex, where, split, sample, by, label, region, rows } = filter;
  return [regex, where, split, sample, by, label, region, rows].some((each) => each !== undefined);
}

/** Choose another sample; what cannot be asked of it as well goes. */
export function withSample<F extends TextFilter>(
  filter: F,
  sample: SampleKind,
  usual: SampleKind,
): F {
  const { sample: _, by, label, ...rest } = filter;
  return {
    ...rest,
    ...(sample === usual ? {} : { sample }),
    ...(by !== undefined && BY_PERSON.includes(sample) ? { by } : {}),
    ...(label !== undefined && BY_LABEL.includes(sample) ? { label } : {}),
  } as F;
}
