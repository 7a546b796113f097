import { useRef } from "react";
import type { Disagreement, LabelInfo, SchemeInfo, Value, VoteView } from "@/api/schema";
import { keepFocus } from "@/shared/actions/ActionButton";
import { useServerNow } from "@/shared/clock";
import { SpanText } from "@/shared/coding/spans/SpanText";
import { spansOf } from "@/shared/coding/values";
import { percent } from "@/shared/words/number";
import { ago, elapsed, moment } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { said } from "../values";
import { ValueParts } from "./ValueParts";
import classes from "./Votes.module.css";

interface Props {
  item: Disagreement;
  scheme: SchemeInfo;
  language: string;
  disabled: boolean;
  onTake: (value: unknown) => void;
}

/** What each person says, side by side; a press takes what one says. */
export function Votes({ item, scheme, language, disabled, onTake }: Props) {
  return (
    <ul className={classes.votes} aria-label={t("Votes")}>
      {item.votes.map((vote) => (
        <li key={vote.user}>
          <Vote
            vote={vote}
            text={item.text}
            labels={scheme.labels}
            spans={scheme.widget === "spans"}
            language={language}
            disabled={disabled}
            onTake={() => onTake(vote.value)}
          />
        </li>
      ))}
    </ul>
  );
}

interface VoteProps {
  vote: VoteView;
  text: string;
  labels: readonly LabelInfo[];
  spans: boolean;
  language: string;
  disabled: boolean;
  onTake: () => void;
}

function Vote({ vote, text, labels, spans, language, disabled, onTake }: VoteProps) {
  const now = useServerNow(60_000);
  const container = useRef<HTMLSpanElement>(null);
  const { user, value, comment, seconds, created_at, competence, source } = vote;
  return (
    <>
      <p className={classes.who}>
        <strong>{user}</strong>
        <time dateTime={created_at} title={moment(created_at)}>
          {ago(created_at, now)}
        </time>
      </p>
      {spans && (
        <div className={classes.marked} dir="auto" lang={language}>
          <SpanText
            text={text}
            spans={spansOf(value as Value)}
            labels={labels}
            container={container}
          />
        </div>
      )}
      <button
        type="button"
        className={classes.take}
        disabled={disabled}
        onMouseDown={keepFocus}
        onClick={onTake}
        aria-label={t("Take what {{user}} says: {{value}}", { user, value: said(value, text) })}
      >
        <ValueParts value={value} text={text} labels={labels} />
      </button>
      {comment !== "" && (
        <q className={classes.comment} dir="auto">
          {comment}
        </q>
      )}
      <p className={classes.about}>
        {[
          ...(seconds == null ? [] : [t("took {{time}}", { time: elapsed(seconds) })]),
          ...(competence == null
            ? []
            : [t("competence {{share}}", { share: percent(competence) })]),
          ...(source === "human" ? [] : [source]),
        ].join(", ")}
      </p>
    </>
  );
}
