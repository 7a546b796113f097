import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type RefObject, useRef, useState } from "react";
import type { JobView, SchemeInfo } from "@/api/schema";
import { componentsQuery } from "@/shared/artefacts/api";
import { LineChart } from "@/shared/charts/LineChart";
import type { Series } from "@/shared/charts/lines";
import { MarksPlot } from "@/shared/charts/MarksPlot";
import { pngBlob, svgBlob } from "@/shared/charts/picture";
import { csvOf } from "@/shared/csv";
import { save } from "@/shared/download";
import { Notice } from "@/shared/ui/Notice";
import { figure, percent, roughly } from "@/shared/words/number";
import { slugged } from "@/shared/words/slug";
import { moment } from "@/shared/words/time";
import { language, t, told } from "@/shared/words/translate";
import { type Answer, isRegression, type Moment, momentsOf, rowName, warningsIn } from "./answer";
import { linesOf, plotRows, plotSigns } from "./plot";
import classes from "./Results.module.css";
import {
  coefficient,
  drawnParts,
  estimatorTitle,
  figureWords,
  levelWords,
  methodsText,
  questionWords,
  sentence,
  tableOf,
} from "./words";

interface Props {
  slug: string;
  scheme: SchemeInfo;
  job: JobView;
  answer: Answer;
}

/** An estimate: the sentence, the plot, what it rests on, and all of it to take along. */
export function AnswerView({ slug, scheme, job, answer }: Props) {
  const components = useQuery(componentsQuery).data ?? [];
  const estimator = estimatorTitle(answer.estimator, components);
  const plots = useRef<HTMLDivElement>(null);
  const name = slugged(`${slug} ${questionWords(answer)}`).slice(0, 60);
  return (
    <article className={classes.answer} aria-label={questionWords(answer)}>
      <p className={classes.question} dir="auto">
        {questionWords(answer)}
      </p>
      <p className={classes.sentence} dir="auto">
        {sentence(answer)}
      </p>
      <p className={classes.basis}>
        {t("{{estimator}}, {{level}} intervals", {
          estimator,
          level: levelWords(answer.level),
        })}
        {answer.of !== "" && (
          <>
            {" · "}
            <bdi>{told(answer.of)}</bdi>
          </>
        )}
        {" · "}
        <bdi>{job.user}</bdi>, {moment(job.finished_at ?? job.created_at)}
      </p>
      <Warnings answer={answer} />
      <div ref={plots}>
        <Plots answer={answer} scheme={scheme} />
      </div>
      <Precision slug={slug} scheme={scheme} answer={answer} />
      <Figures answer={answer} />
      <TakeAlong plots={plots} answer={answer} name={name} />
      <Methods text={methodsText(answer, estimator)} />
    </article>
  );
}

/** What the server warns of and assumes, in its words; many warnings say much the same. */
function Warnings({ answer }: { answer: Answer }) {
  const warnings = warningsIn(answer);
  if (warnings.length === 0 && answer.notes.length === 0) return null;
  const all = answer.rows.length;
  const line = ({ warning, of }: (typeof warnings)[number]) => (
    <li key={warning}>
      {told(warning)}
      {of.length < all && (
        <span className={classes.soft}>
          {of.slice(0, MOST_NAMED).map((name) => (
            <bdi key={name}>{name}</bdi>
          ))}
          {of.length > MOST_NAMED && "…"}
        </span>
      )}
    </li>
  );
  const more = warnings.slice(MOST_WARNINGS);
  return (
    <section className={classes.warnings} aria-label={t("What to bear in mind")}>
      <ul>
        {answer.notes.map((note) => (
          <li key={note}>{told(note)}</li>
        ))}
        {warnings.slice(0, MOST_WARNINGS).map(line)}
      </ul>
      {more.length > 0 && (
        <details>
          <summary>{t("{{count}} more warnings", { count: more.length })}</summary>
          <ul>{more.map(line)}</ul>
        </details>
      )}
    </section>
  );
}

const MOST_WARNINGS = 2;
const MOST_NAMED = 6;

function Plots({ answer, scheme }: { answer: Answer; scheme: SchemeInfo }) {
  const moments = answer.kind === "mean-by-group" ? momentsOf(answer) : null;
  if (moments !== null) return <OverTime answer={answer} scheme={scheme} moments={moments} />;
  const regression = isRegression(answer);
  const signs = plotSigns(answer);
  return drawnParts(answer).map(({ label, rows }) => (
    <section key={label ?? ""} className={classes.plot} aria-label={label ?? t("Shares")}>
      {label !== null && (
        <h3>
          <bdi>{label}</bdi>
        </h3>
      )}
      <MarksPlot
        label={
          label === null
            ? questionWords(answer)
            : t("{{name}}: {{value}}", { name: questionWords(answer), value: label })
        }
        rows={plotRows(answer, rows, scheme)}
        signs={signs}
        show={regression ? coefficient : percent}
        reference={regression ? 0 : null}
      />
    </section>
  ));
}

interface OverTimeProps {
  answer: Answer;
  scheme: SchemeInfo;
  moments: ReadonlyMap<string, Moment>;
}

/** With more lines than this their bands would hide each other: each label gets a chart. */
const TOGETHER = 3;

function OverTime({ answer, scheme, moments }: OverTimeProps) {
  const lines = linesOf(answer, moments, scheme);
  const dated = [...moments.values()].some((each) => each.dated);
  const by = answer.by ?? "";
  const chart = (label: string, series: readonly Series[], height: number) => (
    <LineChart
      label={label}
      series={series}
      xName={by}
      showX={dated ? day : whole}
      showY={percent}
      height={height}
    />
  );
  if (lines.length <= TOGETHER) {
    return (
      <section className={classes.plot} aria-label={t("Shares over {{by}}", { by })}>
        {chart(t("Shares over {{by}}", { by }), lines, 340)}
      </section>
    );
  }
  return (
    <div className={classes.multiples}>
      {lines.map((line) => (
        <section key={line.key} aria-label={line.name}>
          <h3>
            <bdi>{line.name}</bdi>
          </h3>
          {chart(t("{{label}} over {{by}}", { label: line.name, by }), [line], 220)}
        </section>
      ))}
    </div>
  );
}

function day(x: number): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeZone: "UTC" }).format(x);
}

/** Years are written without a thousands' sign, and between them nothing stands. */
function whole(x: number): string {
  return Number.isInteger(x) ? String(x) : "";
}

interface PrecisionProps {
  slug: string;
  scheme: SchemeInfo;
  answer: Answer;
}

/** What the machine's help was worth, and the way to a narrower interval. */
function Precision({ slug, scheme, answer }: PrecisionProps) {
  const [{ estimate, correlation }] = answer.rows;
  const { n_effective, n_human } = estimate;
  if (answer.kind !== "prevalence") return null;
  const helped = answer.model_name !== null && n_effective !== null && n_effective > n_human;
  return (
    <p className={classes.precision}>
      {helped &&
        t(
          "The machine's help makes {{n}} labels by people as precise as {{effective}} would be alone.",
          { n: n_human, effective: Math.round(n_effective) },
        )}{" "}
      <Link
        to="/projects/$slug/results"
        params={{ slug }}
        search={{
          scheme: scheme.name,
          show: "samples",
          prevalence: estimate.value,
          ...(correlation === null ? {} : { correlation }),
        }}
      >
        {t("How many labels would a narrower interval need?")}
      </Link>
    </p>
  );
}

function Figures({ answer }: { answer: Answer }) {
  const regression = isRegression(answer);
  const compared = answer.rows.some(({ alone }) => alone !== null);
  const counted = answer.rows.some((row) => row.counted !== null);
  const single = new Set(answer.rows.map(({ label }) => label)).size === 1;
  const titled = (row: Answer["rows"][number]) => {
    if (regression) {
      if (single) return row.estimate.name;
      return t("{{name}}: {{value}}", { name: row.label, value: row.estimate.name });
    }
    return rowName(row);
  };
  return (
    <details className={classes.table}>
      <summary>{t("All figures as a table")}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className={classes.scrolled} aria-label={t("Table")} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{regression ? t("Coefficient") : t("Share of")}</th>
              <th scope="col">{t("Estimate and interval")}</th>
              {compared && <th scope="col">{t("People alone")}</th>}
              {counted && <th scope="col">{t("Machine counted")}</th>}
              <th scope="col">{t("Standard error")}</th>
              <th scope="col">{t("Worth so many labels")}</th>
            </tr>
          </thead>
          <tbody>
            {answer.rows.map((row) => (
              <tr key={`${rowName(row)}/${row.estimate.name}`}>
                <th scope="row" dir="auto">
                  {titled(row)}
                </th>
                <td>{figureWords(answer, row.estimate)}</td>
                {compared && <td>{row.alone === null ? "" : figureWords(answer, row.alone)}</td>}
                {counted && <td>{row.counted === null ? "" : percent(row.counted)}</td>}
                <td>{roughly(row.estimate.standard_error)}</td>
                <td>
                  {row.estimate.n_effective === null
                    ? ""
                    : figure(Math.round(row.estimate.n_effective))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

interface TakeAlongProps {
  plots: RefObject<HTMLDivElement | null>;
  answer: Answer;
  name: string;
}

/** Plot and table as files. With several plots each is a file of its own. */
function TakeAlong({ plots, answer, name }: TakeAlongProps) {
  const [error, setError] = useState<unknown>(null);
  const picture = async (
    ending: "svg" | "png",
    made: (svg: SVGSVGElement) => Blob | Promise<Blob>,
  ) => {
    setError(null);
    try {
      const found = [...(plots.current?.querySelectorAll<SVGSVGElement>("svg[role=img]") ?? [])];
      for (const [at, svg] of found.entries()) {
        const part = found.length === 1 ? "" : `-${at + 1}`;
        save(await made(svg), `${name}${part}.${ending}`);
      }
    } catch (failed) {
      setError(failed);
    }
  };
  return (
    <div className={classes.buttons}>
      <Button variant="default" onClick={() => void picture("png", pngBlob)}>
        {t("Plot as PNG")}
      </Button>
      <Button variant="default" onClick={() => void picture("svg", svgBlob)}>
        {t("Plot as SVG")}
      </Button>
      <Button
        variant="default"
        onClick={() =>
          save(
            new Blob([csvOf(tableOf(answer))], { type: "text/csv;charset=utf-8" }),
            `${name}.csv`,
          )
        }
      >
        {t("Table as CSV")}
      </Button>
      {error !== null && <Notice error={error} />}
    </div>
  );
}

/** The question in full, to be copied. */
function Methods({ text }: { text: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Browsers let pages copy over https only.
      setCopied(false);
    }
  };
  return (
    <details className={classes.methods}>
      <summary>{t("For the methods section")}</summary>
      <textarea
        ref={field}
        readOnly
        aria-label={t("For the methods section")}
        rows={9}
        value={text}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={classes.buttons}>
        <Button variant="default" onClick={() => void copy()}>
          {t("Copy")}
        </Button>
        <span role="status">
          {copied === true && t("Copied.")}
          {copied === false && t("The browser does not let the page copy; press Ctrl+C.")}
        </span>
      </div>
    </details>
  );
}
