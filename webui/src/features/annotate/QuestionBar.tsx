import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { SchemeInfo } from "@/api/schema";
import { featuresQuery, modelsQuery } from "@/shared/artefacts/api";
import {
  asksLabel,
  asksText,
  type Given,
  grouped,
  lacks,
  suits,
} from "@/shared/artefacts/strategies";
import { small } from "@/shared/words/list";
import { t } from "@/shared/words/translate";
import { strategiesQuery } from "./api";
import classes from "./QuestionBar.module.css";
import { FIRST_QUESTION, type Question, SAMPLES, type SampleKind } from "./question";

interface Props {
  slug: string;
  scheme: SchemeInfo;
  question: Question;
  onChange: (question: Question) => void;
}

/** Which texts come, and in what order. */
export function QuestionBar({ slug, scheme, question, onChange }: Props) {
  const strategies = useQuery(strategiesQuery).data ?? [];
  const given = useGiven(slug, scheme);
  const chosen = strategies.find(({ name }) => name === question.strategy);
  const guided = scheme.guide !== null;
  const suggests = given.llm || question.suggestions === true;
  const samples = Object.entries(SAMPLES).filter(
    ([kind]) => guided || kind !== "prediction_differs" || question.sample === kind,
  );
  const chooseStrategy = (name: string) => {
    const strategy = strategies.find((each) => each.name === name);
    const label = asksLabel(strategy) ? (scheme.labels[0]?.name ?? null) : null;
    const text = asksText(strategy) ? "" : null;
    onChange({ ...question, strategy: name === "" ? null : name, label, text });
  };
  const offered = strategies.filter(
    (each) => suits(each, scheme.type) && (guided || each.name !== "random"),
  );
  if (question.drawn !== undefined) return <Drawn sample={question.drawn} onChange={onChange} />;
  return (
    <div className={classes.bar}>
      <Choice
        name={t("Texts")}
        value={question.sample}
        onChange={(kind) => onChange({ ...question, sample: kind as SampleKind })}
      >
        {samples.map(([kind, title]) => (
          <option key={kind} value={kind}>
            {title}
          </option>
        ))}
      </Choice>
      <Choice name={t("Order")} value={question.strategy ?? ""} onChange={chooseStrategy}>
        <option value="">{guided ? t("as the guide says") : t("random")}</option>
        {grouped(offered).map(({ group, strategies: items }) => (
          <optgroup key={group} label={group}>
            {items.map((each) => (
              <option
                key={each.name}
                value={each.name}
                title={each.summary}
                disabled={lacks(each, given) !== null}
              >
                {small(each.title)}
              </option>
            ))}
          </optgroup>
        ))}
      </Choice>
      {asksLabel(chosen) && (
        <Choice
          name={t("Label")}
          value={question.label ?? ""}
          onChange={(label) => onChange({ ...question, label })}
        >
          {scheme.labels.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Choice>
      )}
      {asksText(chosen) && (
        <Sought
          key={chosen?.name}
          text={question.text ?? ""}
          onChange={(text) => onChange({ ...question, text })}
        />
      )}
      {suggests && (
        <label
          className={classes.toggle}
          title={t("It may sway you before you have judged yourself")}
        >
          <input
            type="checkbox"
            checked={question.suggestions === true}
            onChange={(event) => {
              onChange({ ...question, suggestions: event.currentTarget.checked });
              event.currentTarget.blur();
            }}
          />
          {t("The LLM’s answers")}
        </label>
      )}
    </div>
  );
}

/** That a drawn sample is coded: its texts and their order are not for choosing. */
function Drawn({ sample, onChange }: { sample: string; onChange: Props["onChange"] }) {
  return (
    <div className={classes.bar}>
      <span className={classes.drawn}>{t("the sample {{sample}}", { sample })}</span>
      <button
        type="button"
        className={classes.leave}
        onClick={(event) => {
          event.currentTarget.blur();
          onChange(FIRST_QUESTION);
        }}
      >
        {t("Other texts")}
      </button>
    </div>
  );
}

/** What there is for strategies to read in this scheme. */
function useGiven(slug: string, { guide, name }: SchemeInfo): Given {
  const features = useQuery(featuresQuery(slug)).data ?? [];
  const predictors = (useQuery(modelsQuery(slug)).data ?? []).filter(
    ({ scheme }) => scheme === name,
  );
  const models = predictors.filter(({ kind }) => kind === "model");
  return {
    guide: guide !== null,
    embeddings: features.some(({ sparse }) => !sparse),
    committee: (guide?.ensemble ?? 0) >= 2 || models.length >= 2,
    llm: predictors.some(
      ({ kind, predicted_rows }) => kind === "labeller" && predicted_rows !== null,
    ),
  };
}

/** What texts are to be like; asked for once it is written. */
function Sought({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [written, setWritten] = useState(text);
  return (
    <form
      className={classes.choice}
      onSubmit={(event) => {
        event.preventDefault();
        onChange(written.trim());
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      }}
    >
      <input
        type="text"
        aria-label={t("Texts like")}
        placeholder={t("Like this, Enter")}
        dir="auto"
        value={written}
        onChange={(event) => setWritten(event.currentTarget.value)}
      />
    </form>
  );
}

interface ChoiceProps {
  name: string;
  value: string;
  children: ReactNode;
  onChange: (value: string) => void;
}

function Choice({ name, value, children, onChange }: ChoiceProps) {
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
        {children}
      </select>
    </div>
  );
}
