import type { ScoreReport } from "@/api/schema";
import { Intervals } from "@/shared/charts/Intervals";
import { t } from "@/shared/words/translate";
import classes from "../Models.module.css";
import { figureName, figures, isShare, withInterval } from "../reports";

/** The figures over all labels: those that most people report, and the rest on demand. */
export function Overall({ report }: { report: ScoreReport }) {
  const { common, others, losses } = figures(report);
  const drawn = common.filter((name) => report.overall[name]?.value != null);
  return (
    <section className={classes.section} aria-labelledby="overall">
      <h2 id="overall">{t("Scores")}</h2>
      <p>{t("Each with its 95 % interval: how far it depends on which texts were drawn.")}</p>
      {drawn.length > 0 && (
        <Intervals
          label={t("Scores")}
          domain={[Math.min(0, ...drawn.map((name) => lowest(report, name))), 1]}
          rows={drawn.map((name) => {
            const score = report.overall[name] ?? { value: null };
            return {
              key: name,
              name: figureName(name),
              color: isShare(name) ? "var(--accent)" : "var(--ink-soft)",
              value: score.value ?? 0,
              low: score.low,
              high: score.high,
              shown: withInterval(name, score),
            };
          })}
        />
      )}
      {others.length + losses.length > 0 && (
        <details className={classes.more}>
          <summary>{t("All figures")}</summary>
          <dl className={classes.facing}>
            {[...others, ...losses].map((name) => (
              <div key={name}>
                <dt>
                  {figureName(name)}
                  {losses.includes(name) && <span>, {t("the less the better")}</span>}
                </dt>
                <dd>{withInterval(name, report.overall[name] ?? { value: null })}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}

function lowest({ overall }: ScoreReport, name: string): number {
  return overall[name]?.low ?? overall[name]?.value ?? 0;
}
