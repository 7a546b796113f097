import type { LabelInfo, SchemeInfo, Value } from "@/api/schema";
import { type Action, labelKeys } from "@/shared/actions/action";
import { everywhereKeys } from "@/shared/everywhere";
import { type Annotating, labelsOf, spansOf } from "./useAnnotating";

/** What the page itself can do, beside coding. */
export interface PageControls {
  readonly toggleComment: () => void;
  readonly togglePanel: () => void;
  readonly findLabel: () => void;
  /** Put a label on the stretch of text that is selected. */
  readonly labelSelection: (label: string) => void;
}

/** A label with the action that gives it. */
export interface LabelAction extends Action {
  readonly label: LabelInfo;
}

/** Everything that can be done on the page, and the part of it that labels the text. */
export interface Actions {
  readonly all: readonly Action[];
  readonly labels: readonly LabelAction[];
  readonly save: Action | null;
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
  const save = scheme.widget === "choice" ? null : saveAction(scheme, desk, empty);
  const accept = acceptAction(scheme, desk);
  const others = [...(save ? [save] : []), ...(accept ? [accept] : []), ...tools, ...search];
  const keys = labelKeys(scheme.labels.length, [
    ...others.flatMap((action) => action.keys),
    ...everywhereKeys,
  ]);
  const labels = scheme.labels.map((label, position) => ({
    id: `label.${label.id}`,
    title: label.name,
    section: "Labels",
    keys: keys[position] == null ? [] : [keys[position]],
    disabled: empty,
    run: () => giveLabel(scheme, desk, controls, label.name),
    label,
  }));
  return { all: [...labels, ...others], labels, save, accept, tools };
}

function giveLabel(scheme: SchemeInfo, desk: Annotating, controls: PageControls, label: string) {
  if (scheme.widget === "choice") desk.code(label);
  else if (scheme.widget === "spans") controls.labelSelection(label);
  else desk.setDraft((draft) => ({ ...draft, value: toggledLabel(draft.value, label) }));
}

/** Add a label, or take it away. */
export function toggledLabel(value: Value, label: string): readonly string[] {
  const labels = labelsOf(value);
  return labels.includes(label) ? labels.filter((each) => each !== label) : [...labels, label];
}

function saveAction(scheme: SchemeInfo, desk: Annotating, empty: boolean): Action {
  const spans = scheme.widget === "spans";
  return {
    id: "save",
    title: "Save",
    section: "This text",
    keys: ["enter"],
    disabled: empty,
    run: () => desk.code(spans ? spansOf(desk.draft.value) : labelsOf(desk.draft.value)),
  };
}

function acceptAction(scheme: SchemeInfo, desk: Annotating): Action | null {
  const value = desk.deck.current?.suggestion?.value as Value | undefined;
  if (value == null) return null;
  return {
    id: "accept",
    title: "Accept",
    section: "This text",
    keys: ["y"],
    // What may have several parts can be corrected before it is saved.
    run: () =>
      scheme.widget === "choice"
        ? desk.code(value)
        : desk.setDraft((draft) => ({ ...draft, value })),
  };
}

function toolActions(desk: Annotating, controls: PageControls, empty: boolean): Action[] {
  return [
    {
      id: "skip",
      title: "Skip",
      section: "This text",
      keys: ["space"],
      disabled: empty,
      run: desk.skip,
    },
    {
      id: "undo",
      title: "Undo",
      section: "This text",
      keys: ["u"],
      disabled: desk.deck.past.length === 0,
      run: desk.undo,
    },
    {
      id: "comment",
      title: "Comment",
      section: "This text",
      keys: ["c"],
      disabled: empty,
      run: controls.toggleComment,
    },
    {
      id: "panel",
      title: "Panel",
      section: "This page",
      keys: ["p"],
      run: controls.togglePanel,
    },
  ];
}

function findAction(controls: PageControls, empty: boolean): Action {
  return {
    id: "find-label",
    title: "Find a label",
    section: "Labels",
    keys: ["/"],
    disabled: empty,
    run: controls.findLabel,
  };
}
