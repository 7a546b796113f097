import type { EnergySum } from "@/api/schema";
import type { Column } from "@/shared/charts/Columns";
import { wattHours } from "@/shared/words/energy";
import { shortDay, shortMonth } from "@/shared/words/time";

const DAY = 86_400_000;
/** More columns than this would be hairs: months then. */
const MOST_DAYS = 92;

/** Return a column for each day from the first to today, or for each month of a long time. */
export function columnsOf(sums: readonly EnergySum[], today: number): readonly Column[] {
  const first = sums[0]?.key;
  if (first === undefined) return [];
  const days = daysBetween(Date.parse(first), today);
  const byMonth = days.length > MOST_DAYS;
  const totals = new Map<string, number>();
  for (const day of days) totals.set(byMonth ? day.slice(0, 7) : day, 0);
  for (const { key, wh } of sums) {
    const column = byMonth ? key.slice(0, 7) : key;
    totals.set(column, (totals.get(column) ?? 0) + wh);
  }
  return [...totals].map(([key, wh]) => ({
    key,
    name: byMonth ? shortMonth(`${key}-01`) : shortDay(key),
    value: wh,
    shown: wattHours(wh),
  }));
}

function daysBetween(from: number, to: number): string[] {
  const count = Math.max(0, Math.floor((to - from) / DAY));
  return Array.from({ length: count + 1 }, (_, at) =>
    new Date(from + at * DAY).toISOString().slice(0, 10),
  );
}
