import type { RefObject } from "react";
import type { SchemeInfo } from "@/api/schema";
import { keepFocus } from "@/shared/actions/ActionButton";
import { type LabelAction, LabelButtons } from "@/shared/coding/LabelButtons";
import { labelsOf } from "@/shared/coding/values";
import { t } from "@/shared/words/translate";
import { seenIn } from "./parts";
import classes from "./SchemeLabels.module.css";
import type { Annotating } from "./useAnnotating";

interface Props {
  scheme: SchemeInfo;
  desk: Annotating;
  actions: readonly LabelAction[];
  /** Whether the keys are this scheme's. */
  active: boolean;
  search: RefObject<HTMLInputElement | null> | null;
}

/** A scheme's labels; beside others with its name, and whether it is done. */
export function SchemeLabels({ scheme, desk, actions, active, search }: Props) {
  const { name, widget } = scheme;
  const { current } = desk.deck;
  const [first = ""] = desk.schemes;
  const prediction =
    widget === "spans" || current === null ? null : seenIn(current, name, first).prediction;
  const buttons = (
    <LabelButtons
      actions={actions}
      selected={labelsOf(desk.valueIn(name))}
      multiple={widget === "choices"}
      prediction={prediction}
      search={search}
    />
  );
  if (desk.schemes.length === 1) return buttons;
  const done = desk.draft.settled.includes(name);
  return (
    <section className={classes.scheme} data-active={active} aria-label={name}>
      <h2>
        <button
          type="button"
          aria-pressed={active}
          onMouseDown={keepFocus}
          onClick={() => desk.activate(name)}
        >
          <span dir="auto">{name}</span>
        </button>
        {done && (
          <small>{desk.valueIn(name) === null ? t("passed") : `\u2713 ${t("answered")}`}</small>
        )}
      </h2>
      {buttons}
    </section>
  );
}
