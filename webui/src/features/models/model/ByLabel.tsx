import type { SchemeInfo, ScoreReport } from "@/api/schema";
import { Intervals } from "@/shared/charts/Intervals";
import { labelColor } from "@/shared/theme/labelColor";
import { t } from "@/shared/words/translate";
import classes from "../Models.module.css";
import { figureName, labelFigure, withInterval } from "../reports";

interface Props {
  report: ScoreReport;
  scheme: SchemeInfo | undefined;
}

/** How well each label is told, the best first; which figure is shown is said. */
export function ByLabel({ report, scheme }: Props) {
  const figure = labelFigure(report);
  if (figure === null) return null;
  const labels = Object.entries(report.by_label ?? {});
  const rows = labels.flatMap(([name, of]) => {
    const score = of[figure];
    if (score?.value == null) return [];
    const at = scheme?.labels.findIndex((each) => each.name === name) ?? -1;
    return [
      {
        key: name,
        name,
        color: labelColor(scheme?.labels[at]?.color, Math.max(0, at)),
        value: score.value,
        low: score.low,
        high: score.high,
        shown: withInterval(figure, score),
      },
    ];
  });
  const without = labels.filter(([, of]) => of[figure]?.value == null).map(([name]) => name);
  const columns = [...new Set(labels.flatMap(([, of]) => Object.keys(of)))];
  return (
    <section className={classes.section} aria-labelledby="by-label">
      <h2 id="by-label">{t("By label")}</h2>
      <p>
        {t("{{figure}} of each label, the best first.", { figure: figureName(figure) })}
        {without.length > 0 &&
          ` ${t("Undefined, for nothing was said or predicted of it: {{labels}}.", {
            labels: without.join(", "),
          })}`}
      </p>
      {rows.length > 0 && (
        <Intervals
          label={t("By label")}
          domain={[0, 1]}
          rows={rows.toSorted((a, b) => b.value - a.value)}
        />
      )}
      <details className={classes.more}>
        <summary>{t("All figures by label")}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
        <section className={classes.scrolled} aria-label={t("All figures by label")} tabIndex={0}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t("Label")}</th>
                {columns.map((name) => (
                  <th key={name} scope="col">
                    {figureName(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels.map(([label, of]) => (
                <tr key={label}>
                  <th scope="row" dir="auto">
                    {label}
                  </th>
                  {columns.map((name) => (
                    <td key={name}>
                      {name === "support"
                        ? (of[name]?.value ?? 0)
                        : withInterval(name, of[name] ?? { value: null })}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </section>
  );
}
