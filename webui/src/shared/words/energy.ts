import type { Energy, EnergySum, Expectation } from "@/api/schema";
import { percent, roughly, unit } from "./number";
import { roughTime } from "./time";
import { t } from "./translate";

const PARTS = ["cpu", "gpu", "ram", "remote"] as const;

/** A part of what a job takes. */
export type Part = (typeof PARTS)[number];

/** Less than this is not worth its zeros. */
const LEAST = 0.001;

/** Write watt-hours. */
export function wattHours(wh: number): string {
  if (wh > 0 && wh < LEAST) return t("under {{amount}}", { amount: unit(roughly(LEAST), "Wh") });
  if (wh >= 1e6) return unit(roughly(wh / 1e6), "MWh");
  if (wh >= 1000) return unit(roughly(wh / 1000), "kWh");
  return unit(roughly(wh), "Wh");
}

/** Write grams of CO2 equivalent. */
export function carbon(g: number): string {
  if (g > 0 && g < LEAST) return t("under {{amount}}", { amount: unit(roughly(LEAST), "g CO₂e") });
  if (g >= 1e6) return unit(roughly(g / 1e6), "t CO₂e");
  if (g >= 1000) return unit(roughly(g / 1000), "kg CO₂e");
  return unit(roughly(g), "g CO₂e");
}

/** Return the watt-hours of each part that took any, and whether that was measured. */
export function partsOf(energy: Energy): { part: Part; wh: number; measured: boolean }[] {
  return PARTS.flatMap((part) => {
    const wh = energy[`${part}_wh`] ?? 0;
    // What was spent elsewhere nobody here can have measured.
    const measured = part !== "remote" && (energy.measured ?? []).includes(part);
    return wh > 0 ? [{ part, wh, measured }] : [];
  });
}

/** Whether all that a job took was measured; anything less is an estimate. */
export function isMeasured(energy: Energy): boolean {
  const parts = partsOf(energy);
  return parts.length > 0 && parts.every(({ measured }) => measured);
}

interface Cost {
  readonly wh: number | null;
  readonly g_co2e: number | null;
  readonly energy: Energy | null;
}

/** Say what a job has cost: "0.42 Wh, 0.02 g CO₂e, estimated"; null where nobody counted. */
export function cost({ wh, g_co2e, energy }: Cost): string | null {
  if (wh === null) return null;
  const emitted = g_co2e === null ? "" : `, ${carbon(g_co2e)}`;
  // Without the account nothing says that it was measured, and so it was not.
  const how = energy !== null && isMeasured(energy) ? t("measured") : t("estimated");
  return `${wattHours(wh)}${emitted}, ${how}`;
}

/** Say how a sum came about. Sums of floats differ in the last place. */
export function sumKind({ wh, measured_wh }: Pick<EnergySum, "wh" | "measured_wh">): string {
  if (wh <= 0) return t("nothing counted");
  const share = measured_wh / wh;
  if (share >= 1 - 1e-9) return t("measured");
  return share < 0.005
    ? t("estimated")
    : t("{{share}} of it measured, the rest estimated", { share: percent(share) });
}

/** Say what a job is likely to take: "Likely 2 min and 0.4 Wh, from 5 like jobs." */
export function expectation(expected: Expectation | null): string {
  if (expected === null) {
    return t("No like job has run here yet, so nobody can say how long it takes or what it costs.");
  }
  const { seconds, wh, wh_low, wh_high, based_on, scaled } = expected;
  const [value, low, high] = [wh, wh_low, wh_high].map(wattHours) as [string, string, string];
  const energy =
    based_on > 1 && roughly(wh_low) !== roughly(wh_high)
      ? t("{{value}} ({{low}} to {{high}})", { value, low, high })
      : value;
  const from = scaled
    ? t("from {{count}} like jobs, scaled to the number of texts", { count: based_on })
    : t("from {{count}} like jobs", { count: based_on });
  return t("Likely {{time}} and {{energy}}, {{from}}.", {
    time: roughTime(seconds),
    energy,
    from,
  });
}
