const HUES = 8;

/** The colour of a label: the scheme's own, or the palette's by position. */
export function labelColor(color: string | null | undefined, position: number): string {
  return color ?? `var(--label-${(position % HUES) + 1})`;
}
