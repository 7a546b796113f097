import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ComponentInfo, SchemeInfo } from "@/api/schema";
import { suits } from "@/shared/artefacts/strategies";
import { ModeSwitch } from "@/shared/form/ModeSwitch";
import { useMode } from "@/shared/form/mode";
import { StrategyFields } from "@/shared/strategies/StrategyFields";
import { begin, readStrategy } from "@/shared/strategies/strategyDraft";
import { t } from "@/shared/words/translate";
import { strategiesQuery } from "../api";
import type { Question } from "../question";
import { firstOrder } from "./order";
import classes from "./Strip.module.css";
import { useGiven } from "./useGiven";

interface Props {
  slug: string;
  scheme: SchemeInfo;
  question: Question;
  onChange: (question: Question) => void;
  onClose: () => void;
}

/** The order with all that it can be told, in a form made from the strategy's schema. */
export function OrderForm(props: Props) {
  const strategies = useQuery(strategiesQuery).data;
  if (strategies === undefined) return null;
  return (
    <Form {...props} strategies={strategies.filter((each) => suits(each, props.scheme.type))} />
  );
}

function Form({
  slug,
  scheme,
  question,
  strategies,
  onChange,
  onClose,
}: Props & { strategies: readonly ComponentInfo[] }) {
  const [mode] = useMode();
  const given = useGiven(slug, scheme);
  const labels = scheme.labels.map(({ name }) => name);
  const [draft, setDraft] = useState(() =>
    begin(firstOrder(question, scheme.guide), strategies, labels),
  );
  const choice = readStrategy(draft, strategies, labels);
  const { params: _, ...withoutParams } = question;
  const ask = (changed: Question) => {
    onClose();
    onChange(changed);
  };
  return (
    <form
      className={classes.order}
      aria-label={t("Set the order")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (choice === null) return;
        const told = Object.keys(choice.params).length === 0 ? {} : { params: choice.params };
        ask({ ...withoutParams, strategy: choice.name, ...told });
      }}
      onKeyDown={(event) => {
        // A list that is open closes first.
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      <div className={classes.head}>
        <h2 ref={focusOnce} tabIndex={-1}>
          {t("In which order texts come")}
        </h2>
        <ModeSwitch />
      </div>
      <StrategyFields
        label={t("Strategy")}
        strategies={strategies}
        labels={labels}
        given={given}
        mode={mode}
        draft={draft}
        onChange={setDraft}
      />
      <div className={classes.end}>
        {question.strategy !== null && (
          <Button variant="default" onClick={() => ask({ ...withoutParams, strategy: null })}>
            {scheme.guide === null ? t("At random again") : t("As the guide says")}
          </Button>
        )}
        <Button variant="default" onClick={onClose}>
          {t("Cancel")}
        </Button>
        <Button type="submit" disabled={choice === null}>
          {t("Use this order")}
        </Button>
      </div>
    </form>
  );
}

/** Whoever opened the form by key goes on from its beginning. */
function focusOnce(heading: HTMLElement | null): void {
  heading?.focus();
}
