import { TextInput } from "@mantine/core";
import { useRef } from "react";
import type { ProjectInfo, SchemeInfo, Value } from "@/api/schema";
import { ActionButton } from "@/shared/actions/ActionButton";
import { helpAction } from "@/shared/actions/help";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { LabelButtons } from "@/shared/coding/LabelButtons";
import { SpanList } from "@/shared/coding/spans/SpanList";
import { SpanText } from "@/shared/coding/spans/SpanText";
import { useSpanEditor } from "@/shared/coding/spans/useSpanEditor";
import { labelsOf, spansOf } from "@/shared/coding/values";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { focusDiscussion } from "../discuss/focus";
import { decideActions, toggledLabel } from "./actions";
import { Changes } from "./Changes";
import { Decided } from "./Decided";
import classes from "./DecisionDesk.module.css";
import { SuggestionLine } from "./SuggestionLine";
import type { Deciding } from "./useDeciding";
import { Votes } from "./Votes";

interface Props {
  deciding: Deciding;
  project: ProjectInfo;
  scheme: SchemeInfo;
}

/** From so many labels on there is a search. */
const SEARCH_FROM = 12;

/** A text with what people say of it, and the means to decide. */
export function DecisionDesk({ deciding, project, scheme }: Props) {
  const { item, value, multiple, busy, decision } = deciding;
  const comment = useRef<HTMLInputElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const spans = scheme.widget === "spans";
  const editor = useSpanEditor(
    item?.text ?? "",
    spansOf(value),
    (change) => deciding.setValue(change(spansOf(value))),
    project.language,
  );
  // What may have several parts can be corrected before it is decided.
  const take = (given: Value) => (multiple ? deciding.setValue(given) : deciding.code(given));
  const suggested = item?.suggestion?.value ?? null;
  const actions = decideActions(
    scheme,
    {
      giveLabel: (label) => {
        if (spans) editor.labelSelection(label);
        else if (multiple) deciding.setValue(toggledLabel(labelsOf(value), label));
        else deciding.code(label);
      },
      save: multiple ? () => deciding.code(spans ? spansOf(value) : labelsOf(value)) : null,
      accept: suggested === null ? null : () => take(suggested as Value),
      takeBack: decision === null || item === null ? null : () => deciding.withdraw(item),
      next: deciding.next,
      previous: deciding.previous,
      undo: deciding.undo,
      comment: () => comment.current?.focus(),
      discuss: focusDiscussion,
    },
    busy,
  );
  useActionKeys(actions.all);
  if (item === null) return null;
  return (
    <section className={classes.desk} aria-label={t("The text and what people say of it")}>
      <Changes deciding={deciding} text={item.text} />
      {deciding.error && <Notice error={deciding.error} />}
      <article
        className={classes.text}
        aria-label={t("Text to decide")}
        aria-live="polite"
        aria-atomic="true"
        data-text-id={item.id}
      >
        <div className={classes.body} dir="auto" lang={project.language}>
          {spans ? (
            <SpanText
              text={item.text}
              spans={spansOf(value)}
              labels={scheme.labels}
              container={editor.container}
              editing={editor.editing}
            />
          ) : (
            item.text
          )}
        </div>
      </article>
      {spans && <SpanList text={item.text} editor={editor} labels={scheme.labels} />}
      <Context context={item.context} />
      {decision !== null && (
        <Decided decision={decision} text={item.text} takeBack={actions.takeBack} />
      )}
      <Votes
        item={item}
        scheme={scheme}
        language={project.language}
        disabled={busy}
        onTake={(given) => take(given as Value)}
      />
      {item.suggestion !== null && (
        <SuggestionLine
          suggestion={item.suggestion}
          text={item.text}
          labels={scheme.labels}
          accept={actions.accept}
        />
      )}
      <div className={classes.dock}>
        <LabelButtons
          actions={actions.labels}
          selected={multiple ? labelsOf(value) : labelsOf((decision?.value ?? null) as Value)}
          multiple={multiple}
          prediction={null}
          search={scheme.labels.length >= SEARCH_FROM ? search : null}
        />
        <TextInput
          ref={comment}
          className={classes.comment}
          aria-label={t("Comment on the decision")}
          placeholder={t("Why so? (is kept with the decision)")}
          value={deciding.comment}
          onChange={(event) => deciding.setComment(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
          }}
        />
        <div className={classes.tools}>
          {[...(actions.save ? [actions.save] : []), ...actions.tools, helpAction].map((action) => (
            <ActionButton key={action.id} action={action} main={action === actions.save} />
          ))}
        </div>
        <p className={classes.progress} role="status">
          {deciding.done > 0 && t("{{count}} texts decided just now.", { count: deciding.done })}
        </p>
      </div>
    </section>
  );
}

function Context({ context }: { context: object }) {
  const entries = Object.entries(context).filter(([, value]) => value !== null && value !== "");
  if (entries.length === 0) return null;
  return (
    <dl className={classes.context}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
