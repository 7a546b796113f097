import type { Grid } from "./grid";

/**
 * What the page asks of the worker, and what it answers. Points go by their place in an order of
 * the worker's, in which any beginning is a fair sample of all.
 */
export type Ask =
  | { readonly kind: "places"; readonly file: ArrayBuffer }
  | { readonly kind: "colours"; readonly file: ArrayBuffer; readonly column: string }
  | { readonly kind: "rows"; readonly file: ArrayBuffer };

/** Where the points are. */
export interface Places {
  /** Pairs of x and y. */
  readonly places: Float32Array;
  /** The row of the corpus that each point is of. */
  readonly rows: Uint32Array;
  /** How many texts the map has no place for. */
  readonly without: number;
  readonly grid: Grid;
}

/** So many shades a scale of numbers has. */
export const SHADES = 64;

/** What points are coloured by: names, or a number or time from least to greatest. */
export interface Colours {
  readonly scale: "names" | "number" | "time";
  /** 0 where nothing is known, else the place of the name, or of the shade, and one more. */
  readonly codes: Uint16Array;
  readonly names: readonly string[];
  /** Of each code, how many points have it. */
  readonly counts: readonly number[];
  readonly least: number;
  readonly greatest: number;
  /** How probable each point's name is, up to 255; null where that is not known of any. */
  readonly sure: Uint8Array | null;
}

/** Which points are among some rows: 1 for each that is. */
export type Among = Uint8Array;

export type Answer =
  | { readonly ticket: number; readonly result: Places | Colours | Among }
  | { readonly ticket: number; readonly error: string };
