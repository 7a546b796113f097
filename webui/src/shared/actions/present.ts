import { t } from "@/shared/words/translate";
import type { Action } from "./action";

type Listed = () => readonly Action[];

const listed = new Set<Listed>();

/** Count actions among those that there are on the page; returns how to take them away again. */
export function present(actions: Listed): () => void {
  listed.add(actions);
  return () => listed.delete(actions);
}

/** Return every action that there is on the page now, those that hold everywhere last. */
export function presentActions(): readonly Action[] {
  const all = [...listed].flatMap((actions) => actions());
  return all.toSorted((a, b) => Number(isCommon(a)) - Number(isCommon(b)));
}

/** The section of what can be done on every page. */
export const EVERYWHERE = t("Everywhere");

function isCommon({ section }: Action): boolean {
  return section === EVERYWHERE;
}
