import { Select } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { AgreementView, ProjectState, SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t, told } from "@/shared/words/translate";
import { type AgreementQuestion, agreementQuery, type Place } from "../api";
import { ByLabel } from "./ByLabel";
import { Coefficients } from "./Coefficients";
import classes from "./Figures.module.css";
import { OverTime } from "./OverTime";
import { PairMatrix } from "./PairMatrix";
import { Questions } from "./Questions";
import { mainMeasure, measureName, sentence } from "./reading";

interface Props {
  state: ProjectState;
  place: Place;
  scheme: SchemeInfo;
}

const FIRST: AgreementQuestion = { measures: [], split: "all", over: "day", machine: null };

/** How far people agree, in a sentence, in figures and over time. */
export function Figures({ state, place, scheme }: Props) {
  const [question, setQuestion] = useState(FIRST);
  const found = useQuery({
    ...agreementQuery(place, question),
    // A new question changes figures where they stand.
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <Questions state={state} scheme={scheme} question={question} onChange={setQuestion} />
      {found.error && <Notice error={found.error} />}
      {found.isPending && <Skeleton lines={6} />}
      {found.data && (
        <div data-waiting={found.isPlaceholderData || undefined} className={classes.answer}>
          {found.data.pairable === 0 ? (
            <NobodyTwice place={place} view={found.data} />
          ) : (
            <Answer place={place} scheme={scheme} view={found.data} over={question.over} />
          )}
        </div>
      )}
    </>
  );
}

function NobodyTwice({ place, view }: { place: Place; view: AgreementView }) {
  return (
    <section className={classes.empty}>
      <p>
        {t(
          "No text has two coders yet, so there is no agreement to measure. Raise the overlap of the scheme, or hand out a task with overlap; {{n}} texts have one coder.",
          { n: view.single },
        )}
      </p>
      <Link to="/projects/$slug/schemes/$scheme" params={place}>
        {t("Set the overlap")}
      </Link>
    </section>
  );
}

interface AnswerProps {
  place: Place;
  scheme: SchemeInfo;
  view: AgreementView;
  over: AgreementQuestion["over"];
}

function Answer({ place, scheme, view, over }: AnswerProps) {
  const measures = Object.keys(view.overall);
  const [wanted, setWanted] = useState<string | null>(null);
  const main = mainMeasure(view.overall);
  const measure = wanted !== null && measures.includes(wanted) ? wanted : (main ?? measures[0]);
  return (
    <>
      <p className={classes.sentence}>
        {sentence(view) ?? t("No coefficient has a value; below stands why.")}
      </p>
      <p className={classes.reading}>{told(view.reading)}</p>
      {view.notes.length > 0 && (
        <ul className={classes.notes} aria-label={t("To keep in mind")}>
          {view.notes.map((note) => (
            <li key={note}>{told(note)}</li>
          ))}
        </ul>
      )}
      <Coefficients overall={view.overall} />
      {measure !== undefined && (
        <>
          <Select
            className={classes.measure}
            label={t("The coefficient below")}
            allowDeselect={false}
            data={measures.map((name) => ({ value: name, label: measureName(name) }))}
            value={measure}
            onChange={setWanted}
          />
          <PairMatrix place={place} view={view} measure={measure} />
          <ByLabel scheme={scheme} view={view} measure={measure} />
          {over !== null && <OverTime view={view} measure={measure} />}
        </>
      )}
    </>
  );
}
