import type { Point } from "./lines";
import classes from "./Sparkline.module.css";
import { sparkPath } from "./spark";

const BOX = { width: 56, height: 18 };

/** How something went, at a glance, beside the words that say it; nothing where there is no line. */
export function Sparkline({ points }: { points: readonly Point[] }) {
  const path = sparkPath(points, BOX);
  if (path === null) return null;
  return (
    <svg
      className={classes.spark}
      width={BOX.width}
      height={BOX.height}
      viewBox={`0 0 ${BOX.width} ${BOX.height}`}
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}
