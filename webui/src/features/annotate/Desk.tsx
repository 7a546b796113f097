import { useLocalStorage } from "@mantine/hooks";
import { useRef, useState } from "react";
import type { Element, ProjectInfo, SchemeInfo } from "@/api/schema";
import { ActionButton } from "@/shared/actions/ActionButton";
import { helpAction } from "@/shared/actions/help";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { annotateActions, SEARCH_FROM } from "./actions";
import { CommentField } from "./CommentField";
import classes from "./Desk.module.css";
import { LabelButtons } from "./LabelButtons";
import { NoText } from "./NoText";
import { OutboxNotice } from "./OutboxNotice";
import type { Place } from "./outbox/storage";
import { ProgressLine } from "./ProgressLine";
import type { Question } from "./question";
import { SidePanel } from "./SidePanel";
import { SuggestionLine } from "./SuggestionLine";
import { SpanList } from "./spans/SpanList";
import { SpanText } from "./spans/SpanText";
import { useSpanEditor } from "./spans/useSpanEditor";
import { Text } from "./Text";
import { labelsOf, spansOf, useAnnotating } from "./useAnnotating";

interface Props {
  place: Place;
  project: ProjectInfo;
  scheme: SchemeInfo;
  updatedAt: number;
  question: Question;
}

/** One text, its labels, and nothing else that asks for attention. */
export function Desk({ place, project, scheme, updatedAt, question }: Props) {
  const desk = useAnnotating(place, question);
  const { current } = desk.deck;
  const [commenting, setCommenting] = useState<Element | null>(null);
  const [panel, setPanel] = useLocalStorage({
    key: "kodkod.panel",
    defaultValue: window.innerWidth >= 1000,
    getInitialValueInEffect: false,
  });
  const search = useRef<HTMLInputElement>(null);
  const editor = useSpanEditor(desk);
  const actions = annotateActions(scheme, desk, {
    toggleComment: () => setCommenting((text) => (text === current ? null : current)),
    togglePanel: () => setPanel(!panel),
    findLabel: () => search.current?.focus(),
    labelSelection: editor.labelSelection,
  });
  useActionKeys(actions.all);

  return (
    <div className={classes.desk} data-panel={panel}>
      <main className={classes.main}>
        <OutboxNotice outbox={desk.outbox} posted={desk.posted} />
        {current === null ? (
          <NoText desk={desk} question={question} />
        ) : (
          <>
            <Text lang={project.language} id={current.id}>
              {scheme.widget === "spans" ? (
                <SpanText
                  text={current.text}
                  spans={spansOf(desk.draft.value)}
                  labels={scheme.labels}
                  container={editor.container}
                />
              ) : (
                current.text
              )}
            </Text>
            {scheme.widget === "spans" && (
              <SpanList text={current.text} editor={editor} labels={scheme.labels} />
            )}
            <CommentField
              open={commenting === current}
              comment={desk.draft.comment}
              onChange={(comment) => desk.setDraft((draft) => ({ ...draft, comment }))}
              onOpen={() => setCommenting(current)}
              onClose={() => setCommenting(null)}
            />
          </>
        )}
        <div className={classes.dock}>
          {current?.suggestion != null && actions.accept !== null && (
            <SuggestionLine
              suggestion={current.suggestion}
              text={current.text}
              accept={actions.accept}
            />
          )}
          <LabelButtons
            actions={actions.labels}
            selected={labelsOf(desk.draft.value)}
            multiple={scheme.widget === "choices"}
            prediction={scheme.widget === "spans" ? null : (current?.prediction ?? null)}
            search={scheme.labels.length >= SEARCH_FROM ? search : null}
          />
          <div className={classes.tools}>
            {[...(actions.save ? [actions.save] : []), ...actions.tools, helpAction].map(
              (action) => (
                <ActionButton key={action.id} action={action} main={action === actions.save} />
              ),
            )}
          </div>
          <ProgressLine
            desk={desk}
            scheme={scheme}
            project={project}
            updatedAt={updatedAt}
            question={question}
          />
        </div>
      </main>
      {panel && <SidePanel element={current} scheme={scheme} onClose={() => setPanel(false)} />}
    </div>
  );
}
