import { useSyncExternalStore } from "react";
import { t } from "@/shared/words/translate";
import type { Action } from "../action";
import { EVERYWHERE } from "../present";

let opened = false;
const listeners = new Set<() => void>();

/** Show or hide the palette. */
export function setPalette(open: boolean): void {
  opened = open;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePaletteOpened(): boolean {
  return useSyncExternalStore(subscribe, () => opened);
}

/** Finds whatever can be done or gone to by typing. */
export const paletteAction: Action = {
  id: "palette",
  title: t("Find anything"),
  section: EVERYWHERE,
  keys: ["ctrl+k"],
  run: () => setPalette(!opened),
};
