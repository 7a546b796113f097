import type { Region } from "@/api/schema";

/** Left, low, right, high, as a map's coordinates have them. */
type Box = readonly [number, number, number, number];

/** Figures of a corner that are kept: more than a hand can draw. */
const FIGURES = 5;

/** Make a region of a box; null where it encloses nothing. */
export function boxed(projection: string, [left, low, right, high]: Box): Region | null {
  if (!(left < right && low < high)) return null;
  return { projection, box: [short(left), short(low), short(right), short(high)] };
}

/** Read a region from an address; null where it is none. */
export function readRegion(value: unknown): Region | null {
  if (typeof value !== "object" || value === null) return null;
  const { projection, box, polygon } = value as Partial<Record<keyof Region, unknown>>;
  if (typeof projection !== "string" || projection === "") return null;
  if (Array.isArray(box) && box.length === 4 && box.every(isNumber)) {
    return boxed(projection, box as unknown as Box);
  }
  if (!Array.isArray(polygon) || polygon.length < 3 || polygon.length > 1000) return null;
  const corners = polygon.every(
    (each) => Array.isArray(each) && each.length === 2 && each.every(isNumber),
  );
  return corners ? { projection, polygon: polygon as [number, number][] } : null;
}

/** Write a coordinate as an address keeps it. */
export function short(value: number): number {
  return Number(value.toPrecision(FIGURES));
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
