/** Which rows of a table of any length are drawn, and where. All lengths are in pixels. */
export interface Layout {
  readonly total: number;
  readonly rowHeight: number;
  /** How much of the table is seen at a time. */
  readonly viewport: number;
  /** The row that is open, and how much higher than the others it is. */
  readonly open: { readonly index: number; readonly extra: number } | null;
}

/** Browsers draw nothing further down than some 17 million pixels (Firefox) or 33 (Chromium). */
const HIGHEST = 15_000_000;

/** Rows drawn above and below what is seen. */
const OVERSCAN = 6;

function wholeHeight({ total, rowHeight, open }: Layout): number {
  return total * rowHeight + (open === null ? 0 : open.extra);
}

/** How high the scrolled element is: that of a very long table is compressed. */
export function scrolledHeight(layout: Layout): number {
  return Math.min(wholeHeight(layout), HIGHEST);
}

function scale(layout: Layout): number {
  const scrolled = scrolledHeight(layout) - layout.viewport;
  return scrolled <= 0 ? 1 : (wholeHeight(layout) - layout.viewport) / scrolled;
}

function topOf({ rowHeight, open }: Layout, index: number): number {
  return index * rowHeight + (open !== null && index > open.index ? open.extra : 0);
}

export interface View {
  /** The rows to draw, the last excluded. */
  readonly first: number;
  readonly last: number;
  /** Where a row stands in the scrolled element. */
  readonly top: (index: number) => number;
}

/** Return what is drawn where the element is scrolled to `scrollTop`. */
export function viewAt(layout: Layout, scrollTop: number): View {
  const { total, rowHeight, viewport, open } = layout;
  const from = scrollTop * scale(layout);
  const shift = scrollTop - from;
  const before = open === null || from <= topOf(layout, open.index) ? 0 : open.extra;
  const first = Math.floor((from - before) / rowHeight) - OVERSCAN;
  const count = Math.ceil((viewport + before) / rowHeight) + 2 * OVERSCAN;
  return {
    first: Math.max(0, Math.min(first, total)),
    last: Math.max(0, Math.min(first + count + 1, total)),
    top: (index) => topOf(layout, index) + shift,
  };
}

/** Return where to scroll to so that a row is seen, as little as is needed. */
export function scrollTo(layout: Layout, index: number, scrollTop: number): number {
  const { rowHeight, viewport, open } = layout;
  const factor = scale(layout);
  const from = scrollTop * factor;
  const top = topOf(layout, index);
  const bottom = top + rowHeight + (open?.index === index ? open.extra : 0);
  if (top < from || bottom - top > viewport) return top / factor;
  if (bottom > from + viewport) return (bottom - viewport) / factor;
  return scrollTop;
}
