import { Button, NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { JobView, ModelInfo } from "@/api/schema";
import { LineChart } from "@/shared/charts/LineChart";
import { useServerNow } from "@/shared/clock";
import { useMode } from "@/shared/form/mode";
import { useStart } from "@/shared/jobs/useStart";
import { Notice } from "@/shared/ui/Notice";
import { wattHours } from "@/shared/words/energy";
import { ago, roughTime } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { doneJobsQuery, drawCurve } from "../api";
import classes from "../Models.module.css";
import { decimals, figureName } from "../reports";
import { type Drawn, drawnBy, gaining } from "./curve";

interface Props {
  slug: string;
  model: ModelInfo;
  mayChange: boolean;
}

/** What more labels would bring: the score by how many texts a model of this kind learns from. */
export function LearningCurve({ slug, model, mayChange }: Props) {
  const jobs = useQuery(doneJobsQuery(slug));
  const [mode] = useMode();
  const [sizes, setSizes] = useState(5);
  const [folds, setFolds] = useState(5);
  const starting = useStart(drawCurve, slug, () => undefined);
  const found = drawnBy(jobs.data ?? [], model.id);
  return (
    <section className={classes.section} aria-labelledby="curve">
      <h2 id="curve">{t("Learning curve")}</h2>
      <p>
        {found === null
          ? t(
              "It shows what more labels would bring. Models of this kind are fitted on growing shares of what is coded now, and judged on the rest.",
            )
          : gaining(found.curve.points)}
      </p>
      {starting.error && <Notice error={starting.error} />}
      {found !== null && <Curve curve={found.curve} job={found.job} />}
      {mayChange && (
        <div className={classes.row}>
          {mode !== "easy" && (
            <>
              <NumberInput
                label={t("Points")}
                value={sizes}
                min={2}
                max={10}
                allowDecimal={false}
                onChange={(value) => setSizes(Number(value) || 5)}
              />
              <NumberInput
                label={t("Folds")}
                value={folds}
                min={2}
                max={5}
                allowDecimal={false}
                onChange={(value) => setFolds(Number(value) || 5)}
              />
            </>
          )}
          <Button
            variant="default"
            loading={starting.isPending}
            onClick={() => starting.mutate({ model: model.name, sizes, folds, seed: 0 })}
          >
            {found === null ? t("Draw the learning curve") : t("Draw it anew")}
          </Button>
        </div>
      )}
    </section>
  );
}

function Curve({ curve, job }: { curve: Drawn; job: JobView }) {
  const now = useServerNow(60_000);
  const name = figureName(curve.figure);
  const points = curve.points.flatMap(({ n, score: { value, low, high } }) =>
    value === null ? [] : [{ x: n, y: value, low, high }],
  );
  return (
    <>
      <LineChart
        label={t("{{figure}} by the number of labelled texts", { figure: name })}
        series={[{ key: "curve", name, color: "var(--accent)", points }]}
        xName={t("labelled texts")}
        showY={(y) => decimals(y, 2)}
        height={260}
      />
      <p className={classes.facts}>
        <span>{t("drawn {{when}}", { when: ago(job.finished_at ?? job.created_at, now) })}</span>
        {job.seconds !== null && job.wh !== null && (
          <span>
            {t("took {{cost}}", { cost: `${roughTime(job.seconds)}, ${wattHours(job.wh)}` })}
          </span>
        )}
      </p>
    </>
  );
}
