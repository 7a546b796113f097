import type { Energy } from "@/api/schema";
import { type Part, partsOf, wattHours } from "@/shared/words/energy";
import { roughly } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import classes from "./CostDetails.module.css";

const NAMES: Readonly<Record<Part, string>> = {
  cpu: t("Processor"),
  gpu: t("Graphics card"),
  ram: t("Memory"),
  remote: t("Elsewhere"),
};

/** How the energy of a job was counted, part by part, and where its CO2 figure is from. */
export function CostDetails({ energy }: { energy: Energy }) {
  return (
    <div className={classes.details}>
      <dl>
        {partsOf(energy).map(({ part, wh, measured }) => (
          <div key={part}>
            <dt>
              {t("{{part}}: {{energy}}, {{how}}", {
                part: NAMES[part],
                energy: wattHours(wh),
                how: measured ? t("measured") : t("estimated"),
              })}
            </dt>
            <dd>{energy.methods?.[part]}</dd>
          </div>
        ))}
      </dl>
      <p>
        {t("CO₂e at {{grams}} g a kWh: {{mix}}.", {
          grams: roughly(energy.g_per_kwh),
          mix: energy.mix,
        })}
      </p>
    </div>
  );
}
