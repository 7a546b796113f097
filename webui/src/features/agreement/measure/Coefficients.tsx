import type { AgreementView } from "@/api/schema";
import { Intervals } from "@/shared/charts/Intervals";
import { t } from "@/shared/words/translate";
import classes from "./Figures.module.css";
import { measureName, written } from "./reading";
import { Undefined } from "./Undefined";

/** Each coefficient with its interval. */
export function Coefficients({ overall }: { overall: AgreementView["overall"] }) {
  const all = Object.entries(overall);
  const rows = all.flatMap(([key, coefficient]) =>
    coefficient.value === null
      ? []
      : [
          {
            key,
            name: measureName(key),
            color: "var(--accent)",
            value: coefficient.value,
            low: coefficient.low,
            high: coefficient.high,
            shown: written(key, coefficient),
          },
        ],
  );
  return (
    <section className={classes.section} aria-labelledby="coefficients">
      <h2 id="coefficients">{t("Coefficients")}</h2>
      {rows.length > 0 && <Intervals label={t("Coefficients")} rows={rows} reference={0} />}
      <Undefined named={all.map(([key, each]) => [measureName(key), each] as const)} />
    </section>
  );
}
