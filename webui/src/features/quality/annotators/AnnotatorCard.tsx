import { useState } from "react";
import type { AnnotatorQuality, SchemeInfo } from "@/api/schema";
import { Intervals } from "@/shared/charts/Intervals";
import { LineChart } from "@/shared/charts/LineChart";
import { listed } from "@/shared/words/list";
import { moment } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import classes from "../Quality.module.css";
import { courses } from "./courses";
import { driftWords, hasty, headline, intervalRows, outdatedWords, pace, unknown } from "./words";

interface Props {
  person: AnnotatorQuality;
  scheme: SchemeInfo;
}

/** How somebody codes: a sentence, then figures, then how it went. */
export function AnnotatorCard({ person, scheme }: Props) {
  const rows = intervalRows(person);
  const said = [pace(person.seconds), hasty(person.seconds), outdatedWords(person.outdated)];
  return (
    <article className={classes.person} aria-label={person.username}>
      <h3>{headline(person)}</h3>
      <p>{said.filter((words) => words !== null).join(" ")}</p>
      {rows.length > 0 && (
        <Intervals
          label={t("How often {{who}} is right", { who: person.username })}
          rows={rows}
          domain={[0, 1]}
        />
      )}
      <p className={classes.soft}>{unknown(person).join(" ")}</p>
      <p>{driftWords(person.drift).join(" ")}</p>
      <Periods person={person} scheme={scheme} />
    </article>
  );
}

/** How it went from one stretch of time to the next; drawn once somebody asks for it. */
function Periods({ person, scheme }: Props) {
  const [open, setOpen] = useState(false);
  const { periods, username } = person;
  const drawn = courses(periods, scheme);
  if (drawn.length === 0) return null;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("In the course of time")}</summary>
      {open && (
        <>
          <p className={classes.soft}>
            {t(
              "{{n}} stretches of the same length, from {{since}} to {{until}}: {{texts}} texts.",
              {
                n: periods.length,
                since: moment(person.first_at),
                until: moment(person.last_at),
                texts: listed(
                  periods.map(({ annotated }) => String(annotated)),
                  t("and"),
                ),
              },
            )}
          </p>
          <div className={classes.courses}>
            {drawn.map(({ key, title, series, show }) => (
              <div key={key}>
                <h4>{title}</h4>
                <LineChart
                  label={t("{{name}}: {{value}}", { name: username, value: title })}
                  series={series}
                  xName={t("stretch")}
                  showX={(x) => (Number.isInteger(x) ? String(x) : "")}
                  showY={show}
                  height={150}
                />
              </div>
            ))}
          </div>
        </>
      )}
    </details>
  );
}
