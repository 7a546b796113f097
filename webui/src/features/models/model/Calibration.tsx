import type { ScoreReport } from "@/api/schema";
import { Bars } from "@/shared/charts/Bars";
import { LineChart } from "@/shared/charts/LineChart";
import { percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import classes from "../Models.module.css";
import { withInterval } from "../reports";
import { calibrated, confidence } from "./bins";

/** Whether a probability means what it says: how often predictions came true, by how sure they were. */
export function Calibration({ report }: { report: ScoreReport }) {
  const bins = report.calibration ?? [];
  const { lines, counts } = calibrated(bins);
  if (lines.length === 0) return null;
  const error = report.overall.calibration_error;
  return (
    <section className={classes.section} aria-labelledby="calibration">
      <h2 id="calibration">{t("Calibration")}</h2>
      <p>
        {confidence(bins)}
        {error?.value != null &&
          ` ${t("Mean distance from the diagonal (expected calibration error): {{error}}.", {
            error: withInterval("calibration_error", error),
          })}`}
      </p>
      <LineChart
        label={t("How often predictions came true, by their probability")}
        series={lines}
        xName={t("probability that the model gave")}
        showX={percent}
        showY={percent}
        height={260}
      />
      <h3>{t("Predictions by their probability")}</h3>
      <Bars label={t("Predictions by their probability")} bars={counts} />
    </section>
  );
}
