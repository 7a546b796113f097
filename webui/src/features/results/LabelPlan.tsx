import { Button, NumberInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { componentsQuery } from "@/shared/artefacts/api";
import { Notice } from "@/shared/ui/Notice";
import { figure } from "@/shared/words/number";
import { t, told } from "@/shared/words/translate";
import { type PlanWish, plansQuery } from "./api";
import { planWish, together } from "./plan";
import classes from "./Results.module.css";
import { estimatorTitle, levelWords } from "./words";

interface Props {
  slug: string;
  /** What a pilot showed, as shares; null where there was none. */
  prevalence: number | null;
  correlation: number | null;
  /** Draw a sample of this size; null for whoever may not. */
  onDraw: ((n: number, stratified: boolean) => void) | null;
}

const ORDER = ["label", "input", "description", "error"] as const;

/** Somebody who types need not be told of every figure. */
const PAUSE = 300;

/** How many labels by people an interval of some width needs. */
export function LabelPlan({ slug, prevalence, correlation, onDraw }: Props) {
  const [share, setShare] = useState<number | null>(
    prevalence === null ? 30 : Math.min(99.9, Math.max(0.1, round(prevalence * 100))),
  );
  const [half, setHalf] = useState<number | null>(3);
  const [good, setGood] = useState<number | null>(
    correlation === null ? 0.7 : Math.max(0, round(correlation * 100) / 100),
  );
  const [level, setLevel] = useState<number | null>(95);
  const [wish] = useDebouncedValue(planWish({ share, half, good, level }), PAUSE);
  const number = (set: (value: number | null) => void) => (value: number | string) =>
    set(value === "" ? null : Number(value));
  return (
    <section className={classes.section} aria-labelledby="plan">
      <h2 id="plan">{t("How many labels by people?")}</h2>
      <p>
        {prevalence === null
          ? t("A guess is enough to begin with; an estimate from a first sample makes it exact.")
          : t("Share and correlation are those of the estimate that you came from.")}
      </p>
      <div className={classes.four}>
        <NumberInput
          label={t("Share with the label, in %")}
          min={0.1}
          max={99.9}
          value={share ?? ""}
          onChange={number(setShare)}
        />
        <NumberInput
          label={t("Plus or minus, in points")}
          min={0.1}
          max={49}
          value={half ?? ""}
          onChange={number(setHalf)}
        />
        <NumberInput
          label={t("Correlation with the machine")}
          description={t("0: no machine. 1: it is always right.")}
          inputWrapperOrder={[...ORDER]}
          min={0}
          max={1}
          step={0.05}
          value={good ?? ""}
          onChange={number(setGood)}
        />
        <NumberInput
          label={t("Level, in %")}
          min={51}
          max={99.9}
          value={level ?? ""}
          onChange={number(setLevel)}
        />
      </div>
      {wish === null ? (
        <p>{t("Fill in all four.")}</p>
      ) : (
        <Plans slug={slug} wish={wish} onDraw={onDraw} />
      )}
    </section>
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

interface PlansProps {
  slug: string;
  wish: PlanWish;
  onDraw: Props["onDraw"];
}

function Plans({ slug, wish, onDraw }: PlansProps) {
  const components = useQuery(componentsQuery).data ?? [];
  const plans = useQuery({ ...plansQuery(slug, wish), placeholderData: keepPreviousData });
  if (plans.error) return <Notice error={plans.error} />;
  const [fewest] = plans.data?.plans ?? [];
  if (plans.data === undefined || fewest === undefined) return null;
  return (
    <>
      <p role="status" className={classes.sentence}>
        {t(
          "{{count}} labels by people are enough for plus or minus {{half}} points at {{level}}.",
          {
            count: fewest.n_human,
            half: round(wish.half_width * 100),
            level: levelWords(wish.level),
          },
        )}
      </p>
      <ul className={classes.list} data-waiting={plans.isPlaceholderData || undefined}>
        {together(plans.data.plans).map(({ estimators, design, n_human, note }) => (
          <li key={`${estimators}/${design}`} className={classes.line}>
            <div className={classes.what}>
              <h3>{estimators.map((each) => estimatorTitle(each, components)).join(", ")}</h3>
              <p>
                {design === "simple"
                  ? t("every text as probable as any other")
                  : t("drawn by what the machine says")}{" "}
                · {told(note)}
              </p>
            </div>
            <div className={classes.planned}>
              <strong>{t("{{count}} labels", { count: n_human })}</strong>
              {onDraw !== null && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => onDraw(n_human, design === "stratified")}
                >
                  {t("Draw {{n}}", { n: figure(n_human) })}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
