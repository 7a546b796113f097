import type { Region } from "@/api/schema";
import { short } from "@/shared/filter/region";
import type { Box, Point } from "./camera";

/** So many corners a drawn line keeps: it stands in the address. */
const MOST_CORNERS = 48;

/** Make a region of a line drawn around texts; null where it encloses nothing. */
export function lassoed(projection: string, line: readonly Point[]): Region | null {
  let corners = line;
  let apart = Math.max(...extent(line)) / 1000;
  while (corners.length > MOST_CORNERS) {
    corners = simplified(line, apart);
    apart *= 1.5;
  }
  const [across, up] = extent(line);
  if (corners.length < 3 || across === 0 || up === 0) return null;
  return { projection, polygon: corners.map(([x, y]): [number, number] => [short(x), short(y)]) };
}

/** The corners of a region in order, to be drawn. */
export function cornersOf({ box, polygon }: Region): readonly Point[] {
  if (box !== null && box !== undefined) {
    const [left, low, right, high] = box as Box;
    return [
      [left, low],
      [right, low],
      [right, high],
      [left, high],
    ];
  }
  return (polygon ?? []).map(([x = 0, y = 0]) => [x, y] as const);
}

function extent(line: readonly Point[]): [number, number] {
  const xs = line.map(([x]) => x);
  const ys = line.map(([, y]) => y);
  return [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
}

/** Leave out corners that are nearer than `apart` to the line without them (Douglas and Peucker). */
function simplified(line: readonly Point[], apart: number): readonly Point[] {
  const kept = new Set([0, line.length - 1]);
  const parts: [number, number][] = [[0, line.length - 1]];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const [from, to] = part;
    let farthest = -1;
    let most = apart;
    for (let at = from + 1; at < to; at += 1) {
      const distance = distanceTo(line, at, from, to);
      if (distance > most) {
        most = distance;
        farthest = at;
      }
    }
    if (farthest >= 0) {
      kept.add(farthest);
      parts.push([from, farthest], [farthest, to]);
    }
  }
  return line.filter((_, at) => kept.has(at));
}

function distanceTo(line: readonly Point[], at: number, from: number, to: number): number {
  const [x, y] = line[at] ?? [0, 0];
  const [ax, ay] = line[from] ?? [0, 0];
  const [bx, by] = line[to] ?? [0, 0];
  const length = Math.hypot(bx - ax, by - ay);
  if (length === 0) return Math.hypot(x - ax, y - ay);
  return Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length;
}
