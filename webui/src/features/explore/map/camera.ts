/** Where one looks at a map from: the place in the middle, and pixels a unit of the map. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The least and greatest of x and y. */
export type Box = readonly [number, number, number, number];

export type Point = readonly [number, number];

/** How far one may go in and out of what shows all. */
const CLOSEST = 2_000;
const FARTHEST = 0.25;

/** How much closer a press on "closer" goes. */
export const CLOSER = 1.4;

/** Part of the screen that stays free around all points. */
const MARGIN = 0.06;

/** Look at all of a box. */
export function overview([left, low, right, high]: Box, { width, height }: Size): Camera {
  const across = Math.max(right - left, 1e-9);
  const up = Math.max(high - low, 1e-9);
  const free = 1 - 2 * MARGIN;
  const scale = Math.min((width * free) / across, (height * free) / up);
  return {
    x: (left + right) / 2,
    y: (low + high) / 2,
    scale: Number.isFinite(scale) && scale > 0 ? scale : 1,
  };
}

/** Where a place of the map is on the screen; y goes down there. */
export function toScreen({ x, y, scale }: Camera, { width, height }: Size, at: Point): Point {
  return [(at[0] - x) * scale + width / 2, height / 2 - (at[1] - y) * scale];
}

export function toMap({ x, y, scale }: Camera, { width, height }: Size, at: Point): Point {
  return [(at[0] - width / 2) / scale + x, (height / 2 - at[1]) / scale + y];
}

/** Move what is seen by pixels. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y + dy / camera.scale };
}

/** Go closer to a place of the screen, which stays where it is; `all` is what shows everything. */
export function zoomed(camera: Camera, size: Size, factor: number, at: Point, all: Camera): Camera {
  const least = all.scale * FARTHEST;
  const scale = Math.max(least, Math.min(all.scale * CLOSEST, camera.scale * factor));
  const [x, y] = toMap(camera, size, at);
  const closer = { ...camera, scale };
  const [nowX, nowY] = toMap(closer, size, at);
  return { x: camera.x + x - nowX, y: camera.y + y - nowY, scale };
}

/** The part of the map that is seen. */
export function seen(camera: Camera, size: Size): Box {
  const [left, high] = toMap(camera, size, [0, 0]);
  const [right, low] = toMap(camera, size, [size.width, size.height]);
  return [left, low, right, high];
}

/** How large points are, in pixels: fewer are larger, and closer ones a little. */
export function pointSize(n: number, { width, height }: Size, closer: number): number {
  const apart = Math.sqrt((width * height) / Math.max(n, 1));
  const base = Math.max(1.75, Math.min(9, apart * 0.45));
  return Math.min(14, base * Math.max(0.7, closer) ** 0.3);
}
