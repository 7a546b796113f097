import type { LabelInfo } from "@/api/schema";
import { type Action, labelKeys } from "@/shared/actions/action";
import { t } from "@/shared/words/translate";

interface Runs {
  readonly label: (label: LabelInfo) => void;
  readonly clear: () => void;
  readonly undo: () => void;
  readonly find: () => void;
  readonly selectAll: () => void;
  readonly deselect: () => void;
  readonly switchView: () => void;
  /** Goes to where it is written what texts are to be like. */
  readonly seek: () => void;
  /** Looks for texts like the one that the keys are for. */
  readonly like: () => void;
  /** Codes what is selected, found or filtered. */
  readonly annotate: () => void;
  /** What can be done on the map, where it is shown. */
  readonly map?: {
    readonly lasso: () => void;
    readonly box: () => void;
    readonly inView: () => void;
    readonly closer: () => void;
    readonly farther: () => void;
    readonly all: () => void;
  };
}

interface Present {
  readonly labels: readonly LabelInfo[];
  /** Whether labels can be given here: not to spans, and not by readers. */
  readonly labelling: boolean;
  readonly undoable: boolean;
  readonly selected: boolean;
  /** Whether texts can be compared. */
  readonly comparing: boolean;
  /** What would be coded, in words; null where nothing is offered. */
  readonly handover: string | null;
}

const nothing = () => undefined;

/** Keys of the table itself, which hears them where it has the focus. */
function inTable(): readonly Action[] {
  const section = t("In the table");
  const line = (id: string, title: string, keys: readonly string[]): Action => ({
    id: `explore.${id}`,
    title,
    section,
    keys,
    run: nothing,
  });
  return [
    line("move", t("Go to the row above or below"), ["arrowup", "arrowdown"]),
    line("page", t("Go a page up or down"), ["pageup", "pagedown"]),
    line("open", t("Read the whole text"), ["enter"]),
    line("select", t("Select the row; with shift, those up to it"), ["space"]),
  ];
}

/** Keys of the map itself, which hears them where it has the focus. */
function onMap(): readonly Action[] {
  const section = t("On the map");
  const line = (id: string, title: string, keys: readonly string[]): Action => ({
    id: `explore.map.${id}`,
    title,
    section,
    keys,
    run: nothing,
  });
  return [
    line("move", t("Move the map"), ["arrowup", "arrowdown", "arrowleft", "arrowright"]),
    line("read", t("Read the text nearest to the middle"), ["enter"]),
    line("select", t("Select that text"), ["space"]),
  ];
}

/** The keys that the map has, which no label gets: a label's key is the same in both views. */
const MAP_KEYS = ["l", "b", "v", "0", "+", "-", "="];

function mapActions(map: NonNullable<Runs["map"]>): readonly Action[] {
  const section = t("On the map");
  return [
    {
      id: "explore.map.lasso",
      title: t("Draw around texts"),
      section,
      keys: ["l"],
      run: map.lasso,
    },
    { id: "explore.map.box", title: t("Draw a box"), section, keys: ["b"], run: map.box },
    {
      id: "explore.map.view",
      title: t("What is in view"),
      section,
      keys: ["v"],
      run: map.inView,
    },
    {
      id: "explore.map.closer",
      title: t("Closer"),
      section,
      keys: ["+", "="],
      run: map.closer,
    },
    { id: "explore.map.farther", title: t("Farther"), section, keys: ["-"], run: map.farther },
    { id: "explore.map.all", title: t("Whole map"), section, keys: ["0"], run: map.all },
    ...onMap(),
  ];
}

/** What can be done with texts by a key. A label's key labels the row, or all that are selected. */
export function exploreActions(runs: Runs, present: Present): readonly Action[] {
  const section = t("Explore");
  const common: readonly Action[] = [
    { id: "explore.find", title: t("Find texts"), section, keys: ["/"], run: runs.find },
    {
      id: "explore.seek",
      title: t("Find texts by their meaning"),
      section,
      keys: ["s"],
      disabled: !present.comparing,
      run: runs.seek,
    },
    {
      id: "explore.like",
      title: t("Texts like this one"),
      section,
      keys: ["k"],
      disabled: !present.comparing,
      run: runs.like,
    },
    {
      id: "explore.annotate",
      title: present.handover ?? t("Annotate these"),
      section,
      keys: ["n"],
      disabled: present.handover === null,
      run: runs.annotate,
    },
    {
      id: "explore.all",
      title: t("Select all of the filter"),
      section,
      keys: ["a"],
      run: runs.selectAll,
    },
    {
      id: "explore.none",
      title: t("Select nothing"),
      section,
      keys: ["escape"],
      disabled: !present.selected && runs.map === undefined,
      run: runs.deselect,
    },
    {
      id: "explore.view",
      title: runs.map === undefined ? t("Show the map") : t("Show the table"),
      section,
      keys: ["m"],
      run: runs.switchView,
    },
  ];
  const within = runs.map === undefined ? inTable() : mapActions(runs.map);
  if (!present.labelling) return [...common, ...within];
  const changes: readonly Action[] = [
    {
      id: "explore.undo",
      title: t("Undo"),
      section,
      keys: ["u"],
      disabled: !present.undoable,
      run: runs.undo,
    },
    { id: "explore.clear", title: t("Clear my label"), section, keys: ["x"], run: runs.clear },
  ];
  const taken = [...common, ...changes].flatMap(({ keys }) => keys);
  const keys = labelKeys(present.labels.length, [...taken, ...MAP_KEYS, "?", "j"]);
  const labels = present.labels.map((label, at): Action => {
    const key = keys[at] ?? null;
    return {
      id: `explore.label.${label.id}`,
      title: label.name,
      section: t("Labels"),
      keys: key === null ? [] : [key],
      run: () => runs.label(label),
    };
  });
  return [...labels, ...common, ...changes, ...within];
}
