import type { Element, Value } from "@/api/schema";
import type { Outbox } from "./outbox/outbox";
import { operationKey } from "./outbox/outboxes";

/**
 * What was done with a text: a value given, passed, or passed with a remark (a comment or a flag), which
 * leaves what one had said before.
 */
export type How = "coded" | "skipped" | "remarked";

/** What was done with a text in one scheme. */
export interface Part {
  readonly scheme: string;
  readonly how: How;
  /** The operation that did it. */
  readonly key: string;
  readonly value: Value;
  readonly comment: string;
  readonly flagged: boolean;
}

/** A part that was taken back: the operation that did it, or that none was needed. */
export interface UndonePart {
  readonly part: Part;
  readonly key: string;
  readonly unsent: boolean;
}

/** Whose text it is in a scheme, and what there was before. */
export interface Standing {
  readonly id: string;
  readonly lease: string | null;
}

/** Hand a part over to its scheme's outbox. */
export function send(outbox: Outbox, part: Part, { id, lease }: Standing, seconds: number): void {
  const { key, value, comment, flagged } = part;
  if (part.how !== "skipped") {
    outbox.add({
      kind: "annotate",
      key,
      annotation: { id, value, comment: comment.trim(), flagged, lease, seconds },
    });
  } else if (lease !== null) {
    outbox.add({ kind: "skip", key, id, lease });
  }
}

/** Take a part back; `before` is what counted in its scheme before. */
export function takeBack(outbox: Outbox, part: Part, id: string, before: Value): UndonePart {
  const unsent = outbox.cancel(part.key);
  const key = operationKey();
  if (!unsent && part.how !== "skipped") {
    outbox.add({ kind: "undo", key, id, before, tried: false });
  }
  return { part, key, unsent };
}

/** Say again what was taken back; returns the part as it is on its way now. */
export function sayAgain(outbox: Outbox, undone: UndonePart, { id, lease }: Standing): Part {
  const { part, unsent } = undone;
  const { value, comment, flagged } = part;
  const again = { ...part, key: operationKey() };
  if (part.how === "skipped") {
    if (!unsent || lease === null) return part;
    outbox.add({ kind: "skip", key: again.key, id, lease });
    return again;
  }
  if (unsent) {
    outbox.add({
      kind: "annotate",
      key: again.key,
      annotation: { id, value, comment, flagged, lease },
    });
    return again;
  }
  // An undo that was not sent yet is called off, and what it was to take back still stands.
  if (outbox.cancel(undone.key)) return part;
  outbox.add({ kind: "redo", key: again.key, id, value, comment, flagged, tried: false });
  return again;
}

/** What a text has in a scheme: the first is the text's own, the others beside it. */
export function seenIn(
  element: Element,
  scheme: string,
  first: string,
): Pick<Element, "annotations" | "prediction"> & { readonly lease: string | null } {
  if (scheme === first) {
    const { annotations, prediction, lease = null } = element;
    return { annotations, prediction, lease };
  }
  const also = element.also?.find((each) => each.scheme === scheme);
  return also ?? { annotations: [], prediction: null, lease: null };
}
