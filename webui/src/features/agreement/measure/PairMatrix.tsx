import { Link } from "@tanstack/react-router";
import type { AgreementView } from "@/api/schema";
import { t, told } from "@/shared/words/translate";
import type { Place } from "../api";
import classes from "./Figures.module.css";
import { measureName, pairOf, shade, two, written } from "./reading";
import { Undefined } from "./Undefined";

interface Props {
  place: Place;
  view: AgreementView;
  measure: string;
}

/** Who agrees with whom; a figure leads to what the two disagree on. */
export function PairMatrix({ place, view, measure }: Props) {
  const { coders, by_pair } = view;
  const undefinedOnes = by_pair.flatMap(({ first, second, overall }) => {
    const found = overall[measure];
    return found === undefined
      ? []
      : [[t("{{first}} with {{second}}", { first, second }), found] as const];
  });
  return (
    <section className={classes.section} aria-labelledby="pairs">
      <h2 id="pairs">{t("Who agrees with whom")}</h2>
      <p>
        {t("{{measure}} of each two; a figure leads to what they disagree on.", {
          measure: measureName(measure),
        })}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className={classes.scroll} tabIndex={0} aria-label={t("Who agrees with whom")}>
        <table className={classes.matrix}>
          <thead>
            <tr>
              <td />
              {coders.map(({ name, machine }) => (
                <th key={name} scope="col" dir="auto">
                  {machine ? t("{{name}} (machine)", { name }) : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {coders.map((row) => (
              <tr key={row.name}>
                <th scope="row" dir="auto">
                  {row.machine ? t("{{name}} (machine)", { name: row.name }) : row.name}
                </th>
                {coders.map((column) => (
                  <Cell
                    key={column.name}
                    place={place}
                    view={view}
                    measure={measure}
                    row={row}
                    column={column}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Undefined named={undefinedOnes} />
    </section>
  );
}

interface CellProps extends Props {
  row: AgreementView["coders"][number];
  column: AgreementView["coders"][number];
}

function Cell({ place, view, measure, row, column }: CellProps) {
  if (row.name === column.name) {
    return <td className={classes.self}>{t("{{count}} texts", { count: row.n })}</td>;
  }
  const pair = pairOf(view.by_pair, row.name, column.name);
  const found = pair?.overall[measure];
  if (pair === null || found === undefined || found.value === null) {
    return (
      <td className={classes.self} title={told(found?.undefined ?? "") || undefined}>
        {pair === null ? t("no text") : t("undefined")}
      </td>
    );
  }
  const shown = written(measure, found);
  const figure = two(found.value);
  return (
    <td style={{ "--share": `${Math.round(shade(found.value) * 45)}%` }} title={shown}>
      {row.machine || column.machine ? (
        <strong>{figure}</strong>
      ) : (
        <Link
          to="/projects/$slug/agreement"
          params={{ slug: place.slug }}
          search={{ scheme: place.scheme, first: row.name, second: column.name }}
          aria-label={t("{{first}} with {{second}}: {{shown}}. See what they disagree on", {
            first: row.name,
            second: column.name,
            shown,
          })}
        >
          {figure}
        </Link>
      )}
      <span>{t("{{count}} texts", { count: pair.n })}</span>
    </td>
  );
}
