import { Link } from "@tanstack/react-router";
import type { LabellingInfo } from "@/api/schema";
import { Intervals } from "@/shared/charts/Intervals";
import { decimals } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import classes from "../Llm.module.css";
import { bracketed, type Comparable, comparable, type Judged, mainScore } from "./scores";

interface Props {
  slug: string;
  labellings: readonly LabellingInfo[];
}

/** How far each version of a prompt agrees with people, in all and label by label. */
export function ByVersion({ slug, labellings }: Props) {
  return comparable(labellings).map((each) => <OfScheme key={each.scheme} slug={slug} of={each} />);
}

function OfScheme({ slug, of }: { slug: string; of: Comparable }) {
  const { scheme, split, rows } = of;
  const shown = rows.flatMap(({ labelling, report }) => {
    const main = mainScore(report);
    if (main === null || main.score.value === null) return [];
    const { value, low, high } = main.score;
    const name = t("{{name}}: {{value}}", {
      name: `${labelling.prompt} ${labelling.version}`,
      value: labelling.name,
    });
    const color = "var(--accent)";
    return [{ key: labelling.id, name, color, value, low, high, shown: bracketed(main.score) }];
  });
  const title = t("Agreement with people on {{scheme}} ({{split}})", { scheme, split });
  return (
    <section className={classes.compared} aria-label={title}>
      <h3 dir="auto">{title}</h3>
      {shown.length > 0 && <Intervals label={title} rows={shown} />}
      <details className={classes.details}>
        <summary>{t("By prompt version and label")}</summary>
        <Table slug={slug} title={title} rows={rows} />
      </details>
    </section>
  );
}

interface TableProps {
  slug: string;
  title: string;
  rows: readonly Judged[];
}

function Table({ slug, title, rows }: TableProps) {
  const labels = [...new Set(rows.flatMap(({ report }) => Object.keys(report.by_label ?? {})))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className={classes.scrolled} tabIndex={0} aria-label={title}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t("Prompt")}</th>
            <th scope="col">{t("Labelling")}</th>
            <th scope="col">{t("Texts")}</th>
            <th scope="col">{t("Share right")}</th>
            <th scope="col">{t("Macro F1")}</th>
            <th scope="col">{t("Kappa")}</th>
            {labels.map((label) => (
              <th key={label} scope="col" dir="auto">
                {t("F1 of {{label}}", { label })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ labelling, report }) => (
            <tr key={labelling.id}>
              <th scope="row" dir="auto">
                {t("{{prompt}}, version {{version}}", {
                  prompt: labelling.prompt,
                  version: labelling.version,
                })}
              </th>
              <td dir="auto">
                <Link
                  to="/projects/$slug/llm/$labelling"
                  params={{ slug, labelling: labelling.name }}
                >
                  {labelling.name}
                </Link>
              </td>
              <td>{report.n}</td>
              <td>{written(report.overall.accuracy)}</td>
              <td>{written(report.overall.macro_f1)}</td>
              <td>
                {report.overall.kappa?.value == null ? "" : decimals(report.overall.kappa.value, 2)}
              </td>
              {labels.map((label) => (
                <td key={label}>{written(report.by_label?.[label]?.f1)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function written(score: Judged["report"]["overall"][string] | undefined): string {
  return score === undefined ? "" : bracketed(score);
}
