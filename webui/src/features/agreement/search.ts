/** What the address says of the page: which scheme, which part, and what is looked for. */
export interface AgreementSearch {
  readonly scheme?: string;
  readonly show?: "figures";
  readonly first?: string;
  readonly second?: string;
  readonly label?: string;
  readonly split?: Split;
  readonly decided?: "yes" | "all";
  readonly by?: string;
}

export type Split = "train" | "valid" | "test";

const SPLITS: readonly string[] = ["train", "valid", "test"];

/** Read an address, leaving out what it cannot mean. */
export function readSearch(search: Record<string, unknown>): AgreementSearch {
  const { show, split, decided } = search;
  return {
    ...texts(search, ["scheme", "first", "second", "label", "by"]),
    ...(show === "figures" ? { show } : {}),
    ...(isSplit(split) ? { split } : {}),
    ...(decided === "yes" || decided === "all" ? { decided } : {}),
  };
}

export function isSplit(value: unknown): value is Split {
  return typeof value === "string" && SPLITS.includes(value);
}

function texts(search: Record<string, unknown>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = search[key];
      return typeof value === "string" && value !== "" ? [[key, value]] : [];
    }),
  );
}

/** Whether only some of what is disagreed on is asked for. */
export function isNarrowed({ first, second, label, split }: AgreementSearch): boolean {
  return (
    (first !== undefined && second !== undefined) || label !== undefined || split !== undefined
  );
}
