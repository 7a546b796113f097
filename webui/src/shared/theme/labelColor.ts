/**
 * The palette's colours as a label stores them: those of light mode in tokens.css.
 *
 * A label of such a colour is drawn by the token, which in dark mode has another shade.
 */
export const PALETTE: readonly string[] = [
  "#333088",
  "#a28b1c",
  "#009d9f",
  "#780c29",
  "#734800",
  "#c36c5c",
  "#50375e",
  "#9377d1",
];

/** The colour of a label: the scheme's own, or the palette's by position. */
export function labelColor(color: string | null | undefined, position: number): string {
  const own = color?.toLowerCase() ?? null;
  const hue = own === null ? position % PALETTE.length : PALETTE.indexOf(own);
  return hue < 0 ? (own ?? "") : `var(--label-${hue + 1})`;
}
