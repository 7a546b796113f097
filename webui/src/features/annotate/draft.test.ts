import { expect, it } from "vitest";
import type { Past } from "./deck";
import { begun, repeats, settled, turned, valueIn, withValue } from "./draft";
import { anElement } from "./testing";

const SCHEMES = ["stance", "topic", "names"];
const said = (value: unknown) => ({
  seq: 1,
  user: "me",
  value,
  source: "human" as const,
  comment: "",
  created_at: "2026-01-01T00:00:00Z",
});
const also = (scheme: string, value: unknown) => ({
  scheme,
  annotations: [said(value)],
  prediction: null,
  lease: null,
});
const fresh = () => begun({ current: anElement("a"), returned: null }, "me", SCHEMES);

it("begins with what was said before, in each scheme", () => {
  const current = anElement("a", { annotations: [said("agree")], also: [also("topic", ["tax"])] });
  const draft = begun({ current, returned: null }, "me", SCHEMES);
  expect(SCHEMES.map((scheme) => valueIn(draft, scheme, "stance"))).toEqual([
    "agree",
    ["tax"],
    null,
  ]);
});

it("begins with all that was taken back together", () => {
  const part = { how: "coded", key: "k", comment: "", flagged: true } as const;
  const returned: Past = {
    ...part,
    element: anElement("a"),
    value: "agree",
    others: [{ ...part, scheme: "topic", value: [] }],
  };
  const draft = begun({ current: anElement("a"), returned }, "me", SCHEMES);
  expect([draft.value, draft.others]).toEqual(["agree", { topic: [], names: null }]);
  expect(draft.flagged).toBe(true);
});

it("goes on to the next scheme that is open, whichever was answered, until all are done", () => {
  const first = settled(fresh(), "topic", SCHEMES);
  expect(first?.active).toBe("names");
  const second = first && settled(first, "names", SCHEMES);
  expect(second?.active).toBe("stance");
  expect(second && settled(second, "stance", SCHEMES)).toBeNull();
});

it("is done at once where there is one scheme", () => {
  expect(settled(begun({ current: null, returned: null }, "me", ["a"]), "a", ["a"])).toBeNull();
});

it("turns through the schemes in both directions", () => {
  const next = turned(fresh(), SCHEMES, 1);
  expect(next.active).toBe("topic");
  expect(turned(turned(next, SCHEMES, -1), SCHEMES, -1).active).toBe("names");
});

it("keeps each scheme's answer apart", () => {
  const draft = withValue(withValue(fresh(), "topic", "stance", ["tax"]), "stance", "stance", "no");
  expect([draft.value, draft.others.topic]).toEqual(["no", ["tax"]]);
});

it("knows an answer that only repeats the last", () => {
  const element = anElement("a", { annotations: [said(["tax"])] });
  expect(repeats(element, "me", ["tax"])).toBe(true);
  expect(repeats(element, "me", [])).toBe(false);
  expect(repeats(anElement("a"), "me", null)).toBe(false);
});
