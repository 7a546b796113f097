import type { SchemeInfo } from "@/api/schema";
import { type Action, labelKeys } from "@/shared/actions/action";
import type { LabelAction } from "@/shared/coding/LabelButtons";
import { everywhereKeys } from "@/shared/everywhere";
import { t } from "@/shared/words/translate";

/** What can be done with the text in front. */
export interface Controls {
  readonly giveLabel: (label: string) => void;
  /** Decide by what was put together; null where a label decides at once. */
  readonly save: (() => void) | null;
  readonly accept: (() => void) | null;
  readonly takeBack: (() => void) | null;
  readonly next: (() => void) | null;
  readonly previous: (() => void) | null;
  readonly undo: (() => void) | null;
  readonly comment: () => void;
  readonly discuss: () => void;
}

export interface Actions {
  readonly all: readonly Action[];
  readonly labels: readonly LabelAction[];
  readonly save: Action | null;
  readonly accept: Action | null;
  readonly takeBack: Action | null;
  readonly tools: readonly Action[];
}

const nothing = () => undefined;

/** One list from which keys, buttons and help are made. */
export function decideActions(scheme: SchemeInfo, controls: Controls, busy: boolean): Actions {
  const section = t("This text");
  const one = (id: string, title: string, keys: readonly string[], run: (() => void) | null) => ({
    id,
    title,
    section,
    keys,
    disabled: run === null || busy,
    run: run ?? nothing,
  });
  const save = controls.save === null ? null : one("save", t("Decide"), ["enter"], controls.save);
  const accept =
    controls.accept === null ? null : one("accept", t("Take it"), ["y"], controls.accept);
  const takeBack =
    controls.takeBack === null ? null : one("take-back", t("Take back"), ["x"], controls.takeBack);
  const tools = [
    one("next", t("Next"), ["space", "n"], controls.next),
    one("previous", t("Back"), ["b"], controls.previous),
    one("undo", t("Undo"), ["u"], controls.undo),
    one("comment", t("Comment"), ["c"], controls.comment),
    one("discuss", t("Discuss"), ["d"], controls.discuss),
  ];
  const others = [save, accept, takeBack, ...tools].filter((action) => action !== null);
  // Keys that are not always there are kept free: a label keeps its key from text to text.
  const taken = ["enter", "y", "x", ...tools.flatMap(({ keys }) => keys), ...everywhereKeys()];
  const keys = labelKeys(scheme.labels.length, taken);
  const labels = scheme.labels.map((label, at) => ({
    id: `label.${label.id}`,
    title: label.name,
    section: t("Labels"),
    keys: keys[at] == null ? [] : [keys[at]],
    disabled: busy,
    run: () => controls.giveLabel(label.name),
    label,
  }));
  return { all: [...labels, ...others], labels, save, accept, takeBack, tools };
}

/** Add a label, or take it away; in the order of the scheme. */
export function toggledLabel(chosen: readonly string[], label: string): readonly string[] {
  return chosen.includes(label) ? chosen.filter((each) => each !== label) : [...chosen, label];
}
