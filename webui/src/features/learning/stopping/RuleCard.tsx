import type { RuleAdvice } from "@/api/schema";
import { LineChart } from "@/shared/charts/LineChart";
import { small } from "@/shared/words/list";
import { t, told } from "@/shared/words/translate";
import classes from "./Stopping.module.css";
import { VerdictMark } from "./VerdictMark";
import { drawable, measured, withInterval } from "./words";

/** A rule: its verdict, why, and what that rests on. */
export function RuleCard({ rule }: { rule: RuleAdvice }) {
  const { name, verdict, figures } = rule;
  const title = told(rule.title);
  const evidence = drawable(rule);
  return (
    <article className={classes.card} aria-labelledby={`rule-${name}`}>
      <div className={classes.head}>
        <h2 id={`rule-${name}`}>{title}</h2>
        <VerdictMark verdict={verdict} />
      </div>
      <div className={classes.body} data-charts={Math.min(2, evidence.length)}>
        <div className={classes.words}>
          <p className={classes.sentence}>{told(rule.sentence)}</p>
          {Object.keys(figures).length > 0 && (
            <dl className={classes.figures}>
              {Object.entries(figures).map(([what, value]) => (
                <div key={what}>
                  <dt dir="auto">{capital(told(what))}</dt>
                  <dd>{withInterval(value)}</dd>
                </div>
              ))}
            </dl>
          )}
          <p className={classes.about}>
            {t("Criterion: {{what}}.", { what: small(told(rule.summary)) })}
          </p>
        </div>
        {evidence.map(({ name: what, unit, threshold, points }) => (
          <div key={what} className={classes.chart}>
            <h3>{told(what)}</h3>
            <LineChart
              label={t("{{name}}: {{value}}", { name: title, value: told(what) })}
              height={180}
              xName={t("labelled texts")}
              showY={(y) => measured(y, told(unit))}
              thresholds={
                threshold === null
                  ? []
                  : [
                      {
                        y: threshold,
                        name: t("turns at {{value}}", { value: measured(threshold, told(unit)) }),
                      },
                    ]
              }
              series={[{ key: what, name: told(what), color: "var(--accent)", points }]}
            />
          </div>
        ))}
      </div>
    </article>
  );
}

function capital(text: string): string {
  return text.replace(/^./u, (first) => first.toUpperCase());
}
