import type { MouseEvent } from "react";
import type { Element, LabelInfo } from "@/api/schema";
import { keepFocus } from "@/shared/actions/ActionButton";
import { type Action, shownKey } from "@/shared/actions/action";
import { cell } from "@/shared/filter/words";
import { labelColor } from "@/shared/theme/labelColor";
import { percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import { confidence, labelsOf } from "./answers";
import type { Column } from "./columns";
import classes from "./Explore.module.css";
import { dayOf, likeness } from "./words";

interface Props {
  id: string;
  index: number;
  top: number;
  columns: readonly Column[];
  labels: readonly LabelInfo[];
  many: boolean;
  element: Element | undefined;
  active: boolean;
  opened: boolean;
  selected: boolean;
  onPress: (event: MouseEvent, inText: boolean) => void;
  onToggle: (event: MouseEvent) => void;
}

/** How much of a text is drawn in its line. */
const LINE = 400;

/** A text in one line. */
export function Row(props: Props) {
  const { id, index, top, columns, element, active, opened, selected } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: see Table
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and points at it
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-busy={element === undefined || undefined}
      data-active={active || undefined}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      onClick={(event) => props.onPress(event, false)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see Table */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys */}
      <div
        role="gridcell"
        aria-colindex={1}
        className={classes.tick}
        onClick={(event) => {
          event.stopPropagation();
          props.onToggle(event);
        }}
      >
        <span aria-hidden="true" data-on={selected || undefined} />
      </div>
      {columns.map((column, at) => (
        // biome-ignore lint/a11y/useSemanticElements: see Table
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
        // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={at + 2}
          data-column={column.id.split(":")[0]}
          aria-expanded={column.id === "text" ? opened : undefined}
          className={classes.cell}
          onClick={(event) => {
            event.stopPropagation();
            props.onPress(event, column.id === "text");
          }}
        >
          {element === undefined ? (
            <span className={classes.waiting} />
          ) : (
            <Content {...props} element={element} column={column} />
          )}
        </div>
      ))}
    </div>
  );
}

interface ContentProps {
  column: Column;
  element: Element;
  labels: readonly LabelInfo[];
  many: boolean;
}

function Content({ column, element, labels, many }: ContentProps) {
  switch (column.id) {
    case "id":
      return <span dir="auto">{element.id}</span>;
    case "text":
      return <span dir="auto">{element.text.slice(0, LINE)}</span>;
    case "similarity":
      return <span className={classes.figure}>{likeness(element.similarity)}</span>;
    case "labels":
      return <Labels element={element} labels={labels} />;
    case "prediction":
      return <Prediction element={element} labels={labels} many={many} />;
    case "date": {
      const newest = element.annotations
        .map((each) => each.created_at)
        .toSorted()
        .at(-1);
      return newest === undefined ? null : <span>{dayOf(newest)}</span>;
    }
    default:
      return <span dir="auto">{cell(element.context[column.id.slice("context:".length)])}</span>;
  }
}

function Labels({ element, labels }: { element: Element; labels: readonly LabelInfo[] }) {
  return element.annotations.map(({ user, source, value, comment, flagged }) => {
    const names = labelsOf(value);
    if (names.length === 0 && comment === "" && !flagged) return null;
    return (
      <span key={`${user} ${source}`} className={classes.said}>
        <span className={classes.who} dir="auto">
          {user}
        </span>{" "}
        {names.map((name) => (
          <Label key={name} name={name} labels={labels} />
        ))}
        {comment !== "" && (
          <span title={comment} role="img" aria-label={t("with a comment")}>
            ✎
          </span>
        )}
        {flagged && (
          <span title={t("flagged")} role="img" aria-label={t("flagged")}>
            ⚑
          </span>
        )}
      </span>
    );
  });
}

function Label({ name, labels }: { name: string; labels: readonly LabelInfo[] }) {
  const place = labels.findIndex((each) => each.name === name);
  const color = place < 0 ? "var(--line-strong)" : labelColor(labels[place]?.color, place);
  return (
    <span className={classes.label} dir="auto" style={{ "--label": color }}>
      {name}
    </span>
  );
}

function Prediction({ element, labels, many }: Omit<ContentProps, "column">) {
  const { prediction } = element;
  if (prediction === null) return null;
  const names = labelsOf(prediction.value);
  const sure = confidence(prediction.probabilities, many);
  return (
    <>
      {names.length === 0 && <span className={classes.who}>{t("none")}</span>}
      {names.map((name) => (
        <Label key={name} name={name} labels={labels} />
      ))}{" "}
      {sure !== null && <span className={classes.who}>{percent(sure)}</span>}
    </>
  );
}

interface OpenedProps {
  element: Element | undefined;
  top: number;
  height: number;
  columns: number;
  labels: readonly LabelInfo[];
  keys: readonly Action[];
  onLabel: ((label: LabelInfo | null) => void) | undefined;
  /** Looks for texts like this one, where texts can be compared. */
  onLike: (() => void) | undefined;
}

/** A text in full, with its context and, for whoever may code it, the labels. */
export function OpenedRow({ top, height, columns, ...reading }: OpenedProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see Table
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div
      role="row"
      className={classes.opened}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see Table */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div role="gridcell" aria-colindex={1} aria-colspan={columns} className={classes.reading}>
        <Reading {...reading} />
      </div>
    </div>
  );
}

type ReadingProps = Pick<OpenedProps, "element" | "labels" | "keys" | "onLabel" | "onLike">;

/** A text in full, what was said of it and is known of it, and the labels that can be given. */
export function Reading({ element, labels, keys, onLabel, onLike }: ReadingProps) {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled by keys as well */}
      <div className={classes.whole} dir="auto" tabIndex={0}>
        {element?.text ?? ""}
      </div>
      {element !== undefined && (
        <dl className={classes.context}>
          {element.annotations.map(({ user, source, value, comment }) => (
            <div key={`${user} ${source}`}>
              <dt dir="auto">{user}</dt>
              <dd dir="auto">
                {labelsOf(value).map((name) => (
                  <Label key={name} name={name} labels={labels} />
                ))}{" "}
                {comment}
              </dd>
            </div>
          ))}
          {Object.entries(element.context).map(([name, value]) => (
            <div key={name}>
              <dt dir="auto">{name}</dt>
              <dd dir="auto">{cell(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {onLike !== undefined && element !== undefined && (
        <p className={classes.like}>
          {typeof element.similarity === "number" &&
            t("Similarity {{value}}", { value: likeness(element.similarity) })}
          <button type="button" className={classes.quiet} onClick={onLike}>
            {t("Texts like this one")}
          </button>
        </p>
      )}
      {onLabel !== undefined && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would want a legend
        <div role="group" aria-label={t("Labels")} className={classes.give}>
          {labels.map((label, at) => {
            const key = keys.find(({ id }) => id === `explore.label.${label.id}`)?.keys[0];
            return (
              <button
                key={label.id}
                type="button"
                style={{ "--label": labelColor(label.color, at) }}
                aria-keyshortcuts={key}
                onMouseDown={keepFocus}
                onClick={() => onLabel(label)}
              >
                {key !== undefined && <kbd>{shownKey(key)}</kbd>}
                <span dir="auto">{label.name}</span>
              </button>
            );
          })}
          <button type="button" onMouseDown={keepFocus} onClick={() => onLabel(null)}>
            <kbd>x</kbd>
            <span>{t("Clear my label")}</span>
          </button>
        </div>
      )}
    </>
  );
}
