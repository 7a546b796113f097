/** What is listed on the page of models. */
export const KINDS = ["feature", "model", "predictions", "map", "topics"] as const;
export type Kind = (typeof KINDS)[number];

export const SPLITS = ["test", "valid", "train"] as const;
export type Split = (typeof SPLITS)[number];

/** With more models side by side a table is no longer read but searched. */
export const MOST_COMPARED = 5;

/** What the address of the list says: which kind is shown, and which models are compared. */
export interface ModelsSearch {
  readonly kind?: Kind;
  readonly compare?: readonly string[];
  readonly split?: Split;
}

/** What the address of a model says: on which texts it is judged, and which cell is open. */
export interface ModelSearch {
  readonly split?: Split;
  readonly true?: string;
  readonly predicted?: string;
}

type Unread = Readonly<Record<string, unknown>>;

/** Read the address of the list; what means nothing is left out. */
export function readModelsSearch({ kind, compare, split }: Unread): ModelsSearch {
  const names = Array.isArray(compare)
    ? [...new Set(compare.map(word).filter((name) => name !== null))]
    : [];
  const known = KINDS.find((each) => each === kind);
  return {
    ...(known === undefined ? {} : { kind: known }),
    ...(names.length < 2 ? {} : { compare: names.slice(0, MOST_COMPARED) }),
    ...readSplit(split),
  };
}

/** Read the address of a model; what means nothing is left out. */
export function readModelSearch({ split, predicted, ...rest }: Unread): ModelSearch {
  const said = word(rest.true);
  const called = word(predicted);
  return {
    ...readSplit(split),
    ...(said === null ? {} : { true: said }),
    ...(called === null ? {} : { predicted: called }),
  };
}

function readSplit(split: unknown): { split?: Split } {
  const known = SPLITS.find((each) => each === split);
  return known === undefined ? {} : { split: known };
}

/** A word of digits alone is a number in an address. */
function word(value: unknown): string | null {
  const read = typeof value === "number" ? String(value) : value;
  return typeof read === "string" && read !== "" ? read : null;
}
