import { useQuery } from "@tanstack/react-query";
import { LineChart } from "@/shared/charts/LineChart";
import { Notice } from "@/shared/ui/Notice";
import { language, t } from "@/shared/words/translate";
import { seriesQuery } from "../api";
import classes from "../Models.module.css";
import { decimals } from "../reports";
import { type Course as Charted, courses } from "./courses";

/** Events tell a job's last numbers only, and a curve needs all of them. */
const PAUSE = 4_000;

/** How a training went, or goes: losses and scores by step or epoch. */
export function Course({ job, live = false }: { job: string; live?: boolean }) {
  const series = useQuery({ ...seriesQuery(job), refetchInterval: live ? PAUSE : false });
  if (series.error) return live ? null : <Notice error={series.error} />;
  if (series.data === undefined) return null;
  const charts = courses(series.data);
  if (charts.length === 0) {
    return live ? null : (
      <p className={classes.soft}>
        {t("This kind of model is fitted in one go, or reported nothing: there is no curve.")}
      </p>
    );
  }
  return (
    <div className={classes.charts}>
      {charts.map((chart) => (
        <div key={chart.key}>
          <h4>{titleOf(chart)}</h4>
          <LineChart
            label={titleOf(chart)}
            series={chart.series}
            xName={chart.x === "step" ? t("steps") : t("epochs")}
            showY={(y) => decimals(y, 3)}
            showTick={(y) => new Intl.NumberFormat(language()).format(y)}
            height={220}
          />
        </div>
      ))}
    </div>
  );
}

function titleOf({ what, x }: Charted): string {
  if (what === "loss") return x === "step" ? t("Loss by step") : t("Loss by epoch");
  return x === "step" ? t("Score by step") : t("Score by epoch");
}
