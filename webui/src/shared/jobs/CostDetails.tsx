import type { Energy } from "@/api/schema";
import { type Part, partsOf, wattHours } from "@/shared/words/energy";
import { roughly } from "@/shared/words/number";
import classes from "./CostDetails.module.css";

const NAMES: Readonly<Record<Part, string>> = {
  cpu: "Processor",
  gpu: "Graphics card",
  ram: "Memory",
  remote: "Elsewhere",
};

/** How the energy of a job was counted, part by part, and where its CO2 figure is from. */
export function CostDetails({ energy }: { energy: Energy }) {
  return (
    <div className={classes.details}>
      <dl>
        {partsOf(energy).map(({ part, wh, measured }) => (
          <div key={part}>
            <dt>
              {NAMES[part]}: {wattHours(wh)}, {measured ? "measured" : "estimated"}
            </dt>
            <dd>{energy.methods?.[part]}</dd>
          </div>
        ))}
      </dl>
      <p>
        CO₂e at {roughly(energy.g_per_kwh)} g a kWh: {energy.mix}.
      </p>
    </div>
  );
}
