import type { SchemeInfo, Value } from "@/api/schema";
import { type Action, labelKeys } from "@/shared/actions/action";
import { keysOf } from "@/shared/actions/ownKeys";
import type { LabelAction } from "@/shared/coding/LabelButtons";
import { labelsOf, spansOf } from "@/shared/coding/values";
import { everywhereKeys } from "@/shared/everywhere";
import { t } from "@/shared/words/translate";
import { seenIn } from "./parts";
import type { Annotating } from "./useAnnotating";

/** What the page itself can do, beside coding. */
export interface PageControls {
  /** What the strip above the text can do. */
  readonly strip: readonly Action[];
  readonly toggleComment: () => void;
  readonly togglePanel: () => void;
  readonly findLabel: () => void;
  readonly toggleHistory: () => void;
  /** Shows one's own words in the text, or no longer. */
  readonly toggleHighlights: () => void;
  /** Asks for how many texts are to be coded now. */
  readonly askGoal: () => void;
  /** Lets go what was said of an answer; null where nothing is. */
  readonly dismissFeedback: (() => void) | null;
  /** Put a label on the stretch of text that is selected. */
  readonly labelSelection: (label: string) => void;
  /** Put the keyboard's caret into the text, to select by arrow keys. */
  readonly walkText: () => void;
}

/** Everything that can be done on the page, and the part of it that labels the text. */
export interface Actions {
  readonly all: readonly Action[];
  readonly labels: readonly LabelAction[];
  readonly save: Action | null;
  /** Says that no label applies; absent where each text has one. */
  readonly none: Action | null;
  /** Takes what is suggested; absent where nothing is. */
  readonly accept: Action | null;
  readonly tools: readonly Action[];
}

/** How many labels can be told apart by keys alone; above that there is a search. */
export const SEARCH_FROM = 12;

/** Build the registry for a scheme: keys, buttons and help all come from here. */
export function annotateActions(
  scheme: SchemeInfo,
  desk: Annotating,
  controls: PageControls,
): Actions {
  const empty = desk.deck.current === null;
  const tools = toolActions(desk, controls, empty);
  const search = scheme.labels.length >= SEARCH_FROM ? [findAction(controls, empty)] : [];
  const several = desk.schemes.length > 1;
  const save =
    scheme.widget === "choice" && !several ? null : saveAction(scheme, desk, empty, several);
  const none = scheme.widget === "choice" ? null : noneAction(scheme, desk, empty);
  const accept = acceptAction(scheme, desk);
  const { dismissFeedback } = controls;
  const close = dismissFeedback === null ? [] : [closeAction(dismissFeedback)];
  const others = [
    ...close,
    ...(several ? turnActions(desk, empty) : []),
    historyAction(controls),
    highlightAction(controls),
    ...(save ? [save] : []),
    ...(none ? [none] : []),
    ...(scheme.widget === "spans" ? [walkAction(controls, empty)] : []),
    ...(accept ? [accept] : []),
    ...tools,
    ...search,
    ...controls.strip,
  ];
  const keys = labelKeys(scheme.labels.length, [
    ...others.flatMap((action) => keysOf(action)),
    ...everywhereKeys(),
  ]);
  const labels = labelActions(scheme, desk, controls, keys);
  return { all: [...labels, ...others], labels, save, none, accept, tools };
}

/** The labels of a scheme; without `keys` where the keys are another scheme's. */
export function labelActions(
  scheme: SchemeInfo,
  desk: Annotating,
  controls: Pick<PageControls, "labelSelection">,
  keys: readonly (string | null)[] = [],
): readonly LabelAction[] {
  return scheme.labels.map((label, position) => ({
    id: `label.${label.id}`,
    title: label.name,
    section: t("Labels"),
    keys: keys[position] == null ? [] : [keys[position]],
    disabled: desk.deck.current === null,
    run: () => giveLabel(scheme, desk, controls, label.name),
    label,
  }));
}

function giveLabel(
  { name, widget }: SchemeInfo,
  desk: Annotating,
  controls: Pick<PageControls, "labelSelection">,
  label: string,
) {
  if (widget === "choice") desk.answer(name, label);
  else if (widget === "spans") controls.labelSelection(label);
  else desk.say(name, (value) => toggledLabel(value, label));
}

/** Between schemes that are coded side by side. */
function turnActions(desk: Annotating, disabled: boolean): Action[] {
  const section = t("Schemes");
  return [
    {
      id: "scheme.before",
      title: t("Previous scheme"),
      section,
      keys: ["["],
      disabled,
      run: () => desk.turn(-1),
    },
    {
      id: "scheme.after",
      title: t("Next scheme"),
      section,
      keys: ["]"],
      disabled,
      run: () => desk.turn(1),
    },
  ];
}

/** Add a label, or take it away. */
export function toggledLabel(value: Value, label: string): readonly string[] {
  const labels = labelsOf(value);
  return labels.includes(label) ? labels.filter((each) => each !== label) : [...labels, label];
}

/** Saves what was chosen; beside other schemes, Enter alone passes one of which nothing is said. */
function saveAction(
  { name, widget }: SchemeInfo,
  desk: Annotating,
  empty: boolean,
  several: boolean,
): Action {
  const value = desk.valueIn(name);
  const parts = widget === "spans" ? spansOf(value) : labelsOf(value);
  return {
    id: "save",
    title: several && value === null ? t("Pass") : t("Save"),
    section: t("This text"),
    keys: ["enter"],
    // Enter alone is no answer: that nothing applies is said by its own key.
    disabled: empty || (value === null && !several),
    run: () => desk.answer(name, widget === "choice" || value === null ? value : parts),
  };
}

/** An empty answer is an answer: somebody has looked and found nothing. */
function noneAction({ name }: SchemeInfo, desk: Annotating, empty: boolean): Action {
  return {
    id: "none",
    title: t("No label"),
    section: t("This text"),
    keys: ["0"],
    disabled: empty,
    run: () => desk.answer(name, []),
  };
}

function walkAction({ walkText: run }: PageControls, disabled: boolean): Action {
  return {
    id: "walk",
    title: t("Select by arrow keys"),
    section: t("This text"),
    keys: ["m"],
    disabled,
    run,
  };
}

/** Takes what an LLM answers, where that is shown, or else what the guide expects. */
function acceptAction({ name, widget }: SchemeInfo, desk: Annotating): Action | null {
  const { current } = desk.deck;
  const [first = ""] = desk.schemes;
  const llm = name === first ? current?.suggestion?.value : undefined;
  const guide = current === null ? undefined : seenIn(current, name, first).prediction?.value;
  const value = (llm ?? guide ?? null) as Value;
  if (value === null) return null;
  return {
    id: "accept",
    title: llm == null ? t("Accept the guide’s") : t("Accept"),
    section: t("This text"),
    keys: ["y"],
    // What may have several parts can be corrected before it is saved.
    run: () => (widget === "choice" ? desk.answer(name, value) : desk.say(name, () => value)),
  };
}

function toolActions(desk: Annotating, controls: PageControls, empty: boolean): Action[] {
  return [
    {
      id: "skip",
      title: t("Skip"),
      section: t("This text"),
      keys: ["space"],
      disabled: empty,
      run: desk.skip,
    },
    {
      id: "undo",
      title: t("Undo"),
      section: t("This text"),
      keys: ["u"],
      disabled: desk.deck.past.length === 0,
      run: desk.undo,
    },
    {
      id: "redo",
      title: t("Redo"),
      section: t("This text"),
      keys: ["r"],
      disabled: !desk.redoable,
      run: desk.redo,
    },
    {
      id: "comment",
      title: t("Comment"),
      section: t("This text"),
      keys: ["c"],
      disabled: empty,
      run: controls.toggleComment,
    },
    {
      id: "flag",
      title: desk.draft.flagged ? t("Take the flag away") : t("Flag"),
      section: t("This text"),
      keys: ["f"],
      disabled: empty,
      run: desk.flag,
    },
    {
      id: "goal",
      title: t("Goal"),
      section: t("This page"),
      keys: ["g"],
      run: controls.askGoal,
    },
    {
      id: "panel",
      title: t("Panel"),
      section: t("This page"),
      keys: ["p"],
      run: controls.togglePanel,
    },
  ];
}

/** It has its button in the side panel. */
function historyAction({ toggleHistory: run }: PageControls): Action {
  return { id: "history", title: t("My answers"), section: t("This page"), keys: ["h"], run };
}

/** It has its switch in the side panel. */
function highlightAction({ toggleHighlights: run }: PageControls): Action {
  return {
    id: "highlights",
    title: t("Highlighted words"),
    section: t("This page"),
    keys: ["w"],
    run,
  };
}

function closeAction(run: () => void): Action {
  return { id: "feedback", title: t("Close"), section: t("This page"), keys: ["escape"], run };
}

function findAction(controls: PageControls, empty: boolean): Action {
  return {
    id: "find-label",
    title: t("Find a label"),
    section: t("Labels"),
    keys: ["/"],
    disabled: empty,
    run: controls.findLabel,
  };
}
