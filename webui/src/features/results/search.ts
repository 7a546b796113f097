/** What the address says of the page: which scheme, which part, and which estimate is read. */
export interface ResultsSearch {
  readonly scheme?: string;
  readonly show?: "samples";
  /** The job of an estimate. */
  readonly estimate?: string;
  /** What a pilot showed, for the plan of a larger sample: shares from 0 to 1. */
  readonly prevalence?: number;
  readonly correlation?: number;
}

/** Read an address, leaving out what it cannot mean. */
export function readSearch(search: Readonly<Record<string, unknown>>): ResultsSearch {
  const { scheme, show, estimate, prevalence, correlation } = search;
  return {
    ...(isName(scheme) ? { scheme: String(scheme) } : {}),
    ...(show === "samples" ? { show } : {}),
    ...(isName(estimate) ? { estimate: String(estimate) } : {}),
    ...(within(prevalence, 0, 1) ? { prevalence } : {}),
    ...(within(correlation, -1, 1) ? { correlation } : {}),
  };
}

/** A name of digits alone is a number in an address. */
function isName(value: unknown): value is string | number {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}

function within(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && value >= least && value <= most;
}
