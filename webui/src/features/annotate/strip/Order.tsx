import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SchemeInfo } from "@/api/schema";
import { ActionButton } from "@/shared/actions/ActionButton";
import { asksLabel, asksText, grouped, lacks, suits } from "@/shared/artefacts/strategies";
import { small } from "@/shared/words/list";
import { t } from "@/shared/words/translate";
import { strategiesQuery } from "../api";
import type { Question } from "../question";
import type { Opened, StripActions } from "./actions";
import { Quick } from "./Quick";
import classes from "./Strip.module.css";
import { Suggester } from "./Suggester";
import { useGiven } from "./useGiven";

interface Props {
  slug: string;
  scheme: SchemeInfo;
  question: Question;
  actions: StripActions;
  opened: Opened | null;
  onChange: (question: Question) => void;
}

/** In which order the texts come, and the one thing that an order may have to be told. */
export function Order({ slug, scheme, question, actions, opened, onChange }: Props) {
  const strategies = useQuery(strategiesQuery).data ?? [];
  const given = useGiven(slug, scheme);
  const chosen = strategies.find(({ name }) => name === question.strategy);
  const guided = scheme.guide !== null;
  const { params: _, ...withoutParams } = question;
  const chooseStrategy = (name: string) => {
    const strategy = strategies.find((each) => each.name === name);
    const [first] = scheme.labels;
    const label = asksLabel(strategy) && first !== undefined ? { label: first.name } : {};
    const params = { ...label, ...(asksText(strategy) ? { text: "" } : {}) };
    const told = Object.keys(params).length === 0 ? {} : { params };
    onChange({ ...withoutParams, strategy: name === "" ? null : name, ...told });
  };
  // Without another order, texts that somebody has picked come in the one in which they were.
  const picked = question.rows !== undefined;
  const offered = strategies.filter(
    (each) => suits(each, scheme.type) && (guided || picked || each.name !== "random"),
  );
  return (
    <>
      <Quick name={t("Order")} value={question.strategy ?? ""} onChange={chooseStrategy}>
        <option value="">
          {picked ? t("as they were picked") : guided ? t("as the guide says") : t("random")}
        </option>
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
      </Quick>
      {asksLabel(chosen) && (
        <Quick
          name={t("Label")}
          value={String(question.params?.label ?? "")}
          onChange={(label) => onChange({ ...question, params: { ...question.params, label } })}
        >
          {scheme.labels.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Quick>
      )}
      {asksText(chosen) && (
        <Sought
          key={`${chosen?.name} ${question.params?.text ?? ""}`}
          text={String(question.params?.text ?? "")}
          onChange={(text) => onChange({ ...question, params: { ...question.params, text } })}
        />
      )}
      <ActionButton action={actions.order} expanded={opened === "order"} />
      <Suggester slug={slug} scheme={scheme.name} question={question} onChange={onChange} />
    </>
  );
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
