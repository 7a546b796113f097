import type { Element, Value } from "@/api/schema";
import type { Past } from "./deck";
import { type Draft, repeats, valueIn } from "./draft";
import { operationKey } from "./outbox/outboxes";
import { type Part, seenIn } from "./parts";
import { ownAnnotation } from "./tally";

type Remark = Pick<Draft, "comment" | "flagged">;

/** What a draft comes to in each scheme. Comment and flag go with the first that has an answer. */
export function partsFrom(
  draft: Draft,
  element: Element,
  schemes: readonly string[],
  user: string,
): readonly Part[] {
  const [first = ""] = schemes;
  const answered = schemes.filter((scheme) => {
    const value = valueIn(draft, scheme, first);
    const again = scheme !== first && repeats(seenIn(element, scheme, first), user, value);
    return value !== null && !again;
  });
  return schemes.map((scheme) => {
    const remark = scheme === (answered[0] ?? first) ? draft : null;
    if (!answered.includes(scheme)) return passed(scheme, element, schemes, user, remark);
    const value = valueIn(draft, scheme, first);
    const { comment, flagged } = remark ?? NO_REMARK;
    return { scheme, how: "coded", key: operationKey(), value, comment, flagged };
  });
}

const NO_REMARK: Remark = { comment: "", flagged: false };

/**
 * Pass a text in a scheme. A new remark is kept with the first, beside what one had said before; null leaves
 * the earlier one.
 */
export function passed(
  scheme: string,
  element: Element,
  [first = ""]: readonly string[],
  user: string,
  remark: Remark | null,
): Part {
  const before = ownAnnotation(element, user);
  const { comment, flagged } = remark ?? NO_REMARK;
  const changed =
    remark !== null &&
    (comment.trim() !== (before?.comment ?? "") || flagged !== (before?.flagged ?? false));
  const how = scheme === first && changed ? "remarked" : "skipped";
  const value = (how === "remarked" ? (before?.value ?? null) : null) as Value;
  return { scheme, how, key: operationKey(), value, comment, flagged };
}

export function pastOf(element: Element, [part, ...others]: readonly Part[], remark: Remark): Past {
  return {
    element,
    how: part?.how ?? "skipped",
    key: part?.key ?? "",
    value: part?.value ?? null,
    comment: remark.comment,
    flagged: remark.flagged,
    ...(others.length === 0 ? {} : { others }),
  };
}

export function partsOf(past: Past, first: string): readonly Part[] {
  const { how, key, value, comment, flagged, others = [] } = past;
  return [{ scheme: first, how, key, value, comment, flagged }, ...others];
}
