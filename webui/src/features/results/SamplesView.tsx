import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ProjectState, SchemeInfo } from "@/api/schema";
import { mayContribute } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { samplesQuery } from "./api";
import { DrawForm } from "./DrawForm";
import { LabelPlan } from "./LabelPlan";
import classes from "./Results.module.css";
import { SampleLine } from "./SampleLine";
import type { ResultsSearch } from "./search";

interface Props {
  state: ProjectState;
  scheme: SchemeInfo;
  search: ResultsSearch;
}

/** What is to be drawn: how large it must be, and the form for it. */
interface Wish {
  readonly n: number;
  readonly stratified: boolean;
}

const FIRST: Wish = { n: 200, stratified: false };

/** Samples that were drawn, how far each is coded, and how large the next must be. */
export function SamplesView({ state, scheme, search }: Props) {
  const { slug } = state.project;
  const samples = useQuery(samplesQuery(slug));
  const [drawing, setDrawing] = useState<Wish | null>(null);
  const may = mayContribute(state.project);
  return (
    <>
      <div className={classes.head}>
        <p className={classes.about}>
          {t(
            "A sample is drawn with known probabilities, so that what people say of it holds for the texts that nobody has read. It is coded like any other texts.",
          )}
        </p>
        {may && drawing === null && (
          <Button onClick={() => setDrawing(FIRST)} disabled={samples.data === undefined}>
            {t("Draw a sample")}
          </Button>
        )}
      </div>
      {drawing !== null && samples.data && (
        <DrawForm
          key={`${drawing.n}/${drawing.stratified}`}
          state={state}
          scheme={scheme}
          samples={samples.data}
          n={drawing.n}
          stratified={drawing.stratified}
          onDone={() => setDrawing(null)}
        />
      )}
      <section className={classes.section} aria-labelledby="samples">
        <h2 id="samples">{t("Drawn samples")}</h2>
        {samples.error && <Notice error={samples.error} />}
        {samples.isPending && <Skeleton />}
        {samples.data?.length === 0 && (
          <p>{t("None was drawn yet. Reckon below how large it must be, then draw it.")}</p>
        )}
        <ul className={`${classes.list} ${classes.below}`}>
          {(samples.data ?? []).map((sample) => (
            <SampleLine key={sample.id} state={state} scheme={scheme} sample={sample} />
          ))}
        </ul>
      </section>
      <LabelPlan
        slug={slug}
        prevalence={search.prevalence ?? null}
        correlation={search.correlation ?? null}
        onDraw={may ? (n, stratified) => setDrawing({ n, stratified }) : null}
      />
    </>
  );
}
