import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { SchemeInfo } from "@/api/schema";
import { strategiesQuery } from "./api";
import classes from "./QuestionBar.module.css";
import { asksLabel, needsGuide, type Question, SAMPLES, type SampleKind } from "./question";

interface Props {
  scheme: SchemeInfo;
  question: Question;
  onChange: (question: Question) => void;
}

/** Which texts come, and in what order. */
export function QuestionBar({ scheme, question, onChange }: Props) {
  const strategies = useQuery(strategiesQuery).data ?? [];
  const chosen = strategies.find(({ name }) => name === question.strategy);
  const guided = scheme.guide !== null;
  const samples = Object.entries(SAMPLES).filter(
    ([kind]) => guided || kind !== "prediction_differs" || question.sample === kind,
  );
  const chooseStrategy = (name: string) => {
    const strategy = strategies.find((each) => each.name === name);
    const label = asksLabel(strategy) ? (scheme.labels[0]?.name ?? null) : null;
    onChange({ ...question, strategy: name === "" ? null : name, label });
  };
  return (
    <div className={classes.bar}>
      <Choice
        name="Texts"
        value={question.sample}
        options={samples}
        onChange={(kind) => onChange({ ...question, sample: kind as SampleKind })}
      />
      <Choice
        name="Order"
        value={question.strategy ?? ""}
        options={[
          ["", guided ? `as the guide says` : "random"],
          ...strategies
            .filter(({ name }) => guided || name !== "random")
            .map(({ name, title }): [string, string] => [name, title.toLowerCase()]),
        ]}
        disabled={strategies.filter((each) => !guided && needsGuide(each)).map(({ name }) => name)}
        onChange={chooseStrategy}
      />
      {asksLabel(chosen) && (
        <Choice
          name="Label"
          value={question.label ?? ""}
          options={scheme.labels.map(({ name }) => [name, name])}
          onChange={(label) => onChange({ ...question, label })}
        />
      )}
    </div>
  );
}

interface ChoiceProps {
  name: string;
  value: string;
  options: readonly (readonly [string, string])[];
  disabled?: readonly string[];
  onChange: (value: string) => void;
}

function Choice({ name, value, options, disabled = [], onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className={classes.choice}>
      <label htmlFor={id}>{name}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
          // The keys are for coding again.
          event.currentTarget.blur();
        }}
      >
        {options.map(([option, title]) => (
          <option key={option} value={option} disabled={disabled.includes(option)}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}
