import { useSyncExternalStore } from "react";
import { t } from "@/shared/words/translate";
import type { Action } from "./action";
import { EVERYWHERE } from "./present";

let opened = false;
const listeners = new Set<() => void>();

/** Show or hide the list of keys. */
export function setHelp(open: boolean): void {
  opened = open;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useHelpOpened(): boolean {
  return useSyncExternalStore(subscribe, () => opened);
}

/** Shows every key of the page. */
export const helpAction: Action = {
  id: "help",
  title: t("Keys"),
  section: EVERYWHERE,
  keys: ["?"],
  run: () => setHelp(!opened),
};
