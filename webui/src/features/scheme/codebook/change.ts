import type { Affects } from "@/api/schema";

/** What is said of a new version: why, and whose meaning it changes. */
export interface Change {
  readonly note: string;
  readonly kind: "none" | "labels" | "all";
  /** Which labels, where it is some; kept while another kind is chosen. */
  readonly labels: readonly string[];
}

export const UNCHANGED: Change = { note: "", kind: "none", labels: [] };

/** Read what was said of a version, to be changed. */
export function changeOf(said: { readonly note: string; readonly affects: Affects }): Change {
  const { note, affects } = said;
  if (affects === "all") return { note, kind: "all", labels: [] };
  const labels = affects ?? [];
  return { note, kind: labels.length === 0 ? "none" : "labels", labels };
}

/** Write it as the server takes it. */
export function patchOf({ note, kind, labels }: Change): { note: string; affects: Affects } {
  const some = kind === "labels" && labels.length > 0 ? [...labels] : null;
  return { note: note.trim(), affects: kind === "all" ? "all" : some };
}
