import { type Point, pathOf } from "./lines";
import { linear } from "./scale";

/** Room for the line's own width. */
const EDGE = 1.5;

/** The path of a line without axes in a box; null where there is no line to draw. */
export function sparkPath(
  points: readonly Point[],
  { width, height }: { readonly width: number; readonly height: number },
): string | null {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || first.x === last.x) return null;
  const ys = points.map(({ y }) => y);
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const x = linear([first.x, last.x], [EDGE, width - EDGE]);
  // What does not change is drawn through the middle.
  const y = low === high ? () => height / 2 : linear([low, high], [height - EDGE, EDGE]);
  return pathOf(points, { x, y });
}
