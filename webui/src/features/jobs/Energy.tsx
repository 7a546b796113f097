import { SegmentedControl, Select } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EnergyBy, EnergyReport, EnergySum } from "@/api/schema";
import { componentsQuery } from "@/shared/artefacts/api";
import { Bars } from "@/shared/charts/Bars";
import { Columns } from "@/shared/charts/Columns";
import { serverNow } from "@/shared/clock";
import { kindTitle, type Names, subjectTitle } from "@/shared/jobs/words";
import { energyQuery } from "@/shared/project/api";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { carbon, sumKind, wattHours } from "@/shared/words/energy";
import { percent } from "@/shared/words/number";
import { roughTime } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { columnsOf } from "./days";
import classes from "./JobsPage.module.css";

const WAYS: { value: EnergyBy; label: string }[] = [
  { value: "kind", label: t("Kind") },
  { value: "subject", label: t("What ran") },
  { value: "user", label: t("Person") },
  { value: "day", label: t("Day") },
];
const PERIODS = [
  { value: "", label: t("since the beginning") },
  { value: "30", label: t("in the last 30 days") },
  { value: "7", label: t("in the last 7 days") },
];

/** What a project's jobs have taken: in a sentence, in figures, in bars. */
export function Energy({ slug }: { slug: string }) {
  const [by, setBy] = useState<EnergyBy>("kind");
  const [period, setPeriod] = useState("");
  const components = useQuery(componentsQuery).data;
  const report = useQuery({
    ...energyQuery(slug, by, period === "" ? null : Number(period)),
    placeholderData: keepPreviousData,
  });
  return (
    <section aria-labelledby="energy">
      <h2 id="energy">{t("Energy")}</h2>
      {report.error && <Notice error={report.error} />}
      {report.isPending && <Skeleton />}
      {report.data && (
        <>
          <p className={classes.sentence}>{used(report.data, { components })}</p>
          <div className={classes.controls}>
            <SegmentedControl
              size="xs"
              data={WAYS}
              value={by}
              onChange={(way) => setBy(way as EnergyBy)}
              aria-label={t("Add up by")}
              transitionDuration={0}
            />
            <Select
              size="xs"
              data={PERIODS}
              value={period}
              allowDeselect={false}
              aria-label={t("Period")}
              onChange={(chosen) => setPeriod(chosen ?? "")}
            />
          </div>
          <Plot report={report.data} names={{ components }} />
        </>
      )}
    </section>
  );
}

function Plot({ report, names }: { report: EnergyReport; names: Names }) {
  if (report.sums.length === 0) return null;
  if (report.by === "day") {
    const columns = columnsOf(report.sums, serverNow());
    const most = Math.max(...columns.map(({ value }) => value));
    return (
      <div className={classes.days}>
        <Columns columns={columns} label={t("Energy by day")} top={wattHours(most)} />
      </div>
    );
  }
  return (
    <Bars
      label={t("Energy")}
      bars={report.sums.map((sum) => ({
        key: sum.key,
        name: nameOf(report.by, sum.key, names),
        value: sum.wh,
        shown: wattHours(sum.wh),
        note: `${t("{{count}} jobs", { count: sum.jobs })}, ${roughTime(sum.seconds)}`,
      }))}
    />
  );
}

const KINDS: Readonly<Record<string, string>> = {
  feature: t("Features"),
  "extend-feature": t("Features, extended"),
  train: t("Training"),
  predict: t("Predictions"),
  score: t("Scores"),
  guide: t("The guide"),
  import: t("Imports"),
};

function nameOf(by: EnergyBy, key: string, names: Names): string {
  if (by === "kind") return KINDS[key] ?? kindTitle(key, names);
  if (by === "user") return key === "kodkod" ? t("kodkod, by itself") : key;
  if (key === "") return t("not told");
  const component = key.split(": ", 1)[0];
  const isFeature = names.components?.some(
    ({ kind, name }) => kind === "feature" && name === component,
  );
  const kind = isFeature ? "feature" : "train";
  return subjectTitle({ kind, subject: key, params: {} }, names);
}

/** Say what was used, how that was found out, and what took most of it. */
export function used(report: EnergyReport, names: Names = {}): string {
  const jobs = report.sums.reduce((sum, each) => sum + each.jobs, 0);
  if (jobs === 0) return t("No job has used any energy in this time.");
  const measured_wh = report.sums.reduce((sum, each) => sum + each.measured_wh, 0);
  const all = t("{{count}} jobs used {{energy}}, {{carbon}}, {{how}}.", {
    count: jobs,
    energy: wattHours(report.total_wh),
    carbon: carbon(report.total_g_co2e),
    how: sumKind({ wh: report.total_wh, measured_wh }),
  });
  return [all, ...mostOf(report, names)].join(" ");
}

function mostOf({ by, sums, total_wh }: EnergyReport, names: Names): string[] {
  const most = sums.toSorted((a: EnergySum, b: EnergySum) => b.wh - a.wh)[0];
  if (by === "day" || most === undefined || sums.length < 2 || total_wh <= 0) return [];
  const name = nameOf(by, most.key, names);
  return [t("Most of it: {{name}}, {{share}}.", { name, share: percent(most.wh / total_wh) })];
}
