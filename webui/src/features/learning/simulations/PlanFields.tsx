import { NumberInput, Select } from "@mantine/core";
import type { Mode } from "@/shared/form/schema";
import classes from "@/shared/jobs/StartForm.module.css";
import { t } from "@/shared/words/translate";
import type { Plan } from "./plan";
import { reach } from "./plan";

interface Props {
  plan: Plan;
  mode: Mode;
  /** How many texts are labelled. */
  most: number;
  onChange: (part: Partial<Plan>) => void;
}

const METRICS = [
  { value: "macro_f1", label: t("Macro F1") },
  { value: "micro_f1", label: t("Micro F1") },
  { value: "weighted_f1", label: t("Weighted F1") },
  { value: "accuracy", label: t("Accuracy") },
];

/** How far a simulation goes and how often; easy mode has chosen that. */
export function PlanFields({ plan, mode, most, onChange }: Props) {
  if (mode === "easy") return null;
  const beyond = reach(plan) > most;
  return (
    <div className={classes.pair}>
      <Whole
        label={t("Seeds")}
        description={t(
          "How often it is repeated, each time from another start; intervals need several",
        )}
        value={plan.seeds}
        min={1}
        max={50}
        onChange={(seeds) => onChange({ seeds })}
      />
      <Whole
        label={t("Labels a step")}
        value={plan.batch}
        min={1}
        max={10_000}
        onChange={(batch) => onChange({ batch })}
      />
      <Whole
        label={t("Steps")}
        description={
          beyond
            ? t("There are {{count}} labels only: it will end earlier", { count: most })
            : t("Up to {{count}} labels", { count: reach(plan) })
        }
        value={plan.rounds}
        min={1}
        max={1_000}
        onChange={(rounds) => onChange({ rounds })}
      />
      <NumberInput
        label={t("Target in percent")}
        description={t("How many labels each needs to come so far; may be left empty")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        value={plan.target === null ? "" : Math.round(plan.target * 1000) / 10}
        min={0}
        max={100}
        onChange={(value) => onChange({ target: value === "" ? null : Number(value) / 100 })}
      />
      {mode === "pro" && (
        <>
          <Whole
            label={t("Random texts to start from")}
            description={t("0: each strategy starts by itself")}
            value={plan.start}
            min={0}
            max={100_000}
            onChange={(start) => onChange({ start })}
          />
          <Select
            label={t("Metric")}
            data={METRICS}
            value={plan.metric}
            allowDeselect={false}
            onChange={(metric) => metric !== null && onChange({ metric })}
          />
          <NumberInput
            label={t("Share to test on, in percent")}
            description={t("Where few texts of the test split are annotated")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={Math.round(plan.test_share * 100)}
            min={5}
            max={90}
            clampBehavior="blur"
            onChange={(value) => onChange({ test_share: (Number(value) || 30) / 100 })}
          />
        </>
      )}
    </div>
  );
}

interface WholeProps {
  label: string;
  description?: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}

function Whole({ label, description, value, min, max, onChange }: WholeProps) {
  return (
    <NumberInput
      label={label}
      description={description ?? null}
      inputWrapperOrder={["label", "input", "description", "error"]}
      value={value}
      min={min}
      max={max}
      allowDecimal={false}
      clampBehavior="blur"
      onChange={(given) => onChange(Math.max(min, Number(given) || min))}
    />
  );
}
