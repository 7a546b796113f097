import { type RefObject, useState } from "react";
import type { Element, LabelInfo } from "@/api/schema";
import { keepFocus } from "@/shared/actions/ActionButton";
import { type Action, shownKey } from "@/shared/actions/action";
import { labelColor } from "@/shared/theme/labelColor";
import { decimals } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import classes from "./LabelButtons.module.css";

/** A label with the action that gives it. */
export interface LabelAction extends Action {
  readonly label: LabelInfo;
}

interface Props {
  actions: readonly LabelAction[];
  selected: readonly string[];
  /** Whether a press marks the label rather than codes the text. */
  multiple: boolean;
  prediction: Element["prediction"];
  /** The field that finds a label by its name, where there are many. */
  search: RefObject<HTMLInputElement | null> | null;
}

/** The labels with their keys, and what the guide suggests. */
export function LabelButtons({ actions, selected, multiple, prediction, search }: Props) {
  const [sought, setSought] = useState("");
  const found = actions.filter(({ title }) => matches(title, sought));
  const pickFirst = (input: HTMLInputElement) => {
    if (sought !== "") found[0]?.run();
    setSought("");
    input.blur();
  };
  return (
    <div>
      {search !== null && (
        <input
          ref={search}
          className={classes.search}
          type="search"
          placeholder={t("Find a label: /")}
          aria-label={t("Find a label")}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") pickFirst(event.currentTarget);
            if (event.key !== "Escape") return;
            setSought("");
            event.currentTarget.blur();
          }}
        />
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would want a legend on the page */}
      <div role="group" aria-label={t("Labels")} className={classes.labels}>
        {found.map((action) => (
          <LabelButton
            key={action.id}
            action={action}
            position={actions.indexOf(action)}
            selected={selected.includes(action.label.name)}
            multiple={multiple}
            probability={suggested(prediction, action.label.name)}
          />
        ))}
      </div>
    </div>
  );
}

interface ButtonProps {
  action: LabelAction;
  position: number;
  selected: boolean;
  multiple: boolean;
  probability: number | null;
}

function LabelButton({ action, position, selected, multiple, probability }: ButtonProps) {
  const { label, keys, title } = action;
  const key = keys[0];
  return (
    <button
      type="button"
      className={classes.label}
      style={{ "--label": labelColor(label.color, position) }}
      data-selected={selected}
      data-suggested={probability !== null}
      disabled={action.disabled}
      title={label.description || undefined}
      onMouseDown={keepFocus}
      onClick={action.run}
      {...(multiple || selected ? { "aria-pressed": selected } : {})}
      {...(key === undefined ? {} : { "aria-keyshortcuts": key })}
    >
      <kbd className={classes.key}>{key === undefined ? "" : shownKey(key)}</kbd>
      <span dir="auto">{title}</span>
      {probability !== null && (
        <span className={classes.probability}>
          <span className={classes.unseen}>{`, ${t("suggested by the guide:")} `}</span>
          {shownProbability(probability)}
        </span>
      )}
    </button>
  );
}

/** Return the guide's probability for a label that it suggests. */
export function suggested(prediction: Element["prediction"], label: string): number | null {
  if (prediction === null) return null;
  const value: unknown = prediction.value;
  const labels: unknown[] = Array.isArray(value) ? value : [value];
  return labels.includes(label) ? (prediction.probabilities[label] ?? null) : null;
}

/** Write .61 for 0.612, or 0,61 where that is the custom; never a certainty that rounding made up. */
export function shownProbability(probability: number): string {
  const percent = Math.min(99, Math.max(1, Math.round(probability * 100)));
  return decimals(percent / 100, 2).replace(/^0\./, ".");
}

function matches(title: string, sought: string): boolean {
  return title.toLowerCase().includes(sought.trim().toLowerCase());
}
