export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = 12;
const EDGE = 12;

/**
 * Return where a note of this size stands beside what it points at: below it, else above.
 *
 * It never leaves the window, and where there is room neither below nor above, it lies at the
 * bottom.
 */
export function placeOf(at: Box, note: Size, view: Size): { left: number; top: number } {
  const left = clamp(at.left + at.width / 2 - note.width / 2, view.width - note.width - EDGE);
  const below = at.top + at.height + GAP;
  const above = at.top - GAP - note.height;
  const bottom = view.height - note.height - EDGE;
  if (below <= bottom) return { left, top: Math.max(EDGE, below) };
  return { left, top: above >= EDGE && above <= bottom ? above : Math.max(EDGE, bottom) };
}

function clamp(value: number, most: number): number {
  return Math.max(EDGE, Math.min(value, most));
}
