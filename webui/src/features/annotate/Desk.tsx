import { useLocalStorage } from "@mantine/hooks";
import { useRef, useState } from "react";
import type { Element, ProjectInfo, SchemeInfo } from "@/api/schema";
import { ActionButton } from "@/shared/actions/ActionButton";
import { helpAction } from "@/shared/actions/help";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { SpanList } from "@/shared/coding/spans/SpanList";
import { SpanText } from "@/shared/coding/spans/SpanText";
import { useSpanEditor } from "@/shared/coding/spans/useSpanEditor";
import { spansOf } from "@/shared/coding/values";
import { annotateActions, labelActions, SEARCH_FROM } from "./actions";
import { CommentField } from "./CommentField";
import classes from "./Desk.module.css";
import { FeedbackLine } from "./FeedbackLine";
import { FlagMark } from "./FlagMark";
import { GoalField } from "./GoalField";
import { History } from "./History";
import { HighlightRules } from "./highlights/HighlightRules";
import { useHighlights } from "./highlights/useHighlights";
import { NoText } from "./NoText";
import { OutboxNotice } from "./OutboxNotice";
import { OutdatedMark } from "./OutdatedMark";
import { forget, useFeedback } from "./outbox/feedback";
import type { Place } from "./outbox/storage";
import { ProgressLine } from "./ProgressLine";
import type { Question } from "./question";
import { ReadText } from "./ReadText";
import { SchemeLabels } from "./SchemeLabels";
import { SidePanel } from "./SidePanel";
import { SuggestionLine } from "./SuggestionLine";
import type { StripActions } from "./strip/actions";
import { Text } from "./Text";
import { useAnnotating } from "./useAnnotating";
import { useGoal } from "./useGoal";
import { useReadingEnd } from "./useReadingEnd";

interface Props {
  place: Place;
  project: ProjectInfo;
  scheme: SchemeInfo;
  updatedAt: number;
  question: Question;
  /** The schemes that are coded beside the first. */
  further: readonly SchemeInfo[];
  strip: StripActions;
}

/** One text, its labels, and nothing else that asks for attention. */
export function Desk({ place, project, scheme, updatedAt, question, further, strip }: Props) {
  const names = further.map(({ name }) => name);
  const desk = useAnnotating(place, question, names);
  const { current } = desk.deck;
  const schemes = [scheme, ...further];
  const active = schemes.find(({ name }) => name === desk.draft.active) ?? scheme;
  /** The scheme whose passages are shown: the one that has the keys, or else the first with any. */
  const marked =
    active.widget === "spans" ? active : schemes.find(({ widget }) => widget === "spans");
  const spans = marked === undefined ? [] : spansOf(desk.valueIn(marked.name));
  const [commenting, setCommenting] = useState<Element | null>(null);
  const [panel, setPanel] = useLocalStorage({
    key: "kodkod.panel",
    defaultValue: window.innerWidth >= 1000,
    getInitialValueInEffect: false,
  });
  const [history, setHistory] = useLocalStorage({
    key: "kodkod.history",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const highlights = useHighlights(place.project, current?.text ?? "");
  const [wording, setWording] = useLocalStorage({
    key: "kodkod.wording",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const feedback = useFeedback(place);
  const { goal, choose } = useGoal(place, desk.tally.texts);
  const [askingGoal, setAskingGoal] = useState(false);
  const end = useReadingEnd(place.project, scheme, question, current?.text ?? "");
  const search = useRef<HTMLInputElement>(null);
  const editor = useSpanEditor(
    current?.text ?? "",
    spans,
    (change) => {
      if (marked !== undefined) desk.say(marked.name, (value) => change(spansOf(value)));
    },
    project.language,
  );
  const actions = annotateActions(active, desk, {
    strip: Object.values(strip),
    toggleComment: () => setCommenting((text) => (text === current ? null : current)),
    togglePanel: () => setPanel(!panel),
    toggleHistory: () => {
      setHistory(!panel || !history);
      setPanel(true);
    },
    toggleHighlights: () => {
      // Where there are none yet, the key leads to where they are written.
      if (highlights.rules.length > 0) return highlights.setOn(!highlights.on);
      setPanel(true);
      setWording(true);
    },
    askGoal: () => setAskingGoal(!askingGoal),
    dismissFeedback: feedback === null ? null : () => forget(place),
    findLabel: () => search.current?.focus(),
    labelSelection: editor.labelSelection,
    walkText: editor.focus,
  });
  useActionKeys(actions.all);
  // An LLM's answer has its line with the button; the guide's stands on the label.
  const guided = current?.suggestion == null || active !== scheme ? actions.accept : null;

  return (
    <div className={classes.desk} data-panel={panel}>
      <main className={classes.main}>
        {desk.outboxes.map((outbox, at) => (
          <OutboxNotice key={desk.schemes[at]} outbox={outbox} />
        ))}
        {current === null ? (
          <NoText desk={desk} question={question} clear={strip.clear} />
        ) : (
          <>
            <Text lang={project.language} id={current.id}>
              {marked !== undefined ? (
                <SpanText
                  text={current.text}
                  spans={spans}
                  labels={marked.labels}
                  container={editor.container}
                  editing={editor.editing}
                />
              ) : (
                <ReadText text={current.text} end={end} />
              )}
            </Text>
            <OutdatedMark place={place} element={current} />
            {marked !== undefined && (
              <SpanList text={current.text} editor={editor} labels={marked.labels} />
            )}
            <FlagMark flagged={desk.draft.flagged} onTakeAway={desk.flag} />
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
          {current?.suggestion != null && actions.accept !== null && active === scheme && (
            <SuggestionLine
              suggestion={current.suggestion}
              text={current.text}
              accept={actions.accept}
            />
          )}
          {schemes.map((each) => (
            <SchemeLabels
              key={each.id}
              scheme={each}
              desk={desk}
              actions={
                each === active
                  ? actions.labels
                  : labelActions(each, desk, { labelSelection: editor.labelSelection })
              }
              active={each === active}
              search={each === active && each.labels.length >= SEARCH_FROM ? search : null}
            />
          ))}
          <div className={classes.tools}>
            {[actions.save, actions.none, guided, ...actions.tools, helpAction].map(
              (action) =>
                action !== null && (
                  <ActionButton key={action.id} action={action} main={action === actions.save} />
                ),
            )}
          </div>
          {askingGoal && (
            <GoalField
              texts={goal?.texts ?? null}
              onChoose={choose}
              onClose={() => setAskingGoal(false)}
            />
          )}
          <ProgressLine
            desk={desk}
            scheme={scheme}
            project={project}
            updatedAt={updatedAt}
            question={question}
            goal={goal}
          />
          <FeedbackLine feedback={feedback} deck={desk.deck} onClose={() => forget(place)} />
        </div>
      </main>
      {panel && (
        <SidePanel element={current} scheme={active} onClose={() => setPanel(false)}>
          <History
            place={place}
            open={history}
            confirmed={desk.posted.confirmed}
            onToggle={() => setHistory(!history)}
            onBring={desk.bring}
          />
          <HighlightRules
            highlights={highlights}
            open={wording}
            onToggle={() => setWording(!wording)}
          />
        </SidePanel>
      )}
    </div>
  );
}
