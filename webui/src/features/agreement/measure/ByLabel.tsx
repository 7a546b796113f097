import type { AgreementView, SchemeInfo } from "@/api/schema";
import { Intervals } from "@/shared/charts/Intervals";
import { labelColor } from "@/shared/theme/labelColor";
import { t } from "@/shared/words/translate";
import classes from "./Figures.module.css";
import { mainMeasure, measureName, written } from "./reading";
import { Undefined } from "./Undefined";

interface Props {
  scheme: SchemeInfo;
  view: AgreementView;
  measure: string;
}

/** How far people agree on each label, the least first. */
export function ByLabel({ scheme, view, measure: wanted }: Props) {
  const labels = Object.entries(view.by_label);
  const some = labels[0]?.[1];
  if (some === undefined) return null;
  const measure = wanted in some ? wanted : mainMeasure(some);
  if (measure === null) return null;
  const named = labels.flatMap(([name, all]) => {
    const found = all[measure];
    return found === undefined ? [] : [[name, found] as const];
  });
  const rows = named.flatMap(([name, coefficient]) => {
    if (coefficient.value === null) return [];
    const at = scheme.labels.findIndex((label) => label.name === name);
    return [
      {
        key: name,
        name,
        color: labelColor(scheme.labels[at]?.color, Math.max(0, at)),
        value: coefficient.value,
        low: coefficient.low,
        high: coefficient.high,
        shown: written(measure, coefficient),
      },
    ];
  });
  return (
    <section className={classes.section} aria-labelledby="by-label">
      <h2 id="by-label">{t("By label")}</h2>
      <p>
        {t("{{measure}} of each label against the rest, the least first.", {
          measure: measureName(measure),
        })}
      </p>
      {rows.length > 0 && (
        <Intervals
          label={t("By label")}
          rows={rows.toSorted((a, b) => a.value - b.value)}
          reference={0}
        />
      )}
      <Undefined named={named} />
    </section>
  );
}
