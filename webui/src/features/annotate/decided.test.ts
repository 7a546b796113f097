import { expect, it } from "vitest";
import { partsFrom, passed } from "./decided";
import { begun } from "./draft";
import { anElement } from "./testing";

const said = {
  seq: 1,
  user: "me",
  value: "agree",
  source: "human" as const,
  comment: "",
  created_at: "2026-01-01T00:00:00Z",
};
const SCHEMES = ["stance", "topic"];

it("sends comment and flag with the first scheme that has an answer", () => {
  const current = anElement("a");
  const draft = {
    ...begun({ current, returned: null }, "me", SCHEMES),
    others: { topic: ["tax"] },
    flagged: true,
    comment: "odd",
  };
  const [stance, topic] = partsFrom(draft, current, SCHEMES, "me");
  expect(stance).toMatchObject({ how: "skipped", value: null });
  expect(topic).toMatchObject({ how: "coded", value: ["tax"], flagged: true, comment: "odd" });
});

it("keeps a remark on a text that is passed, and what was said of it before", () => {
  const again = anElement("a", { annotations: [said] });
  const flagged = { comment: "", flagged: true };
  expect(passed("stance", again, SCHEMES, "me", flagged)).toMatchObject({
    how: "remarked",
    value: "agree",
    flagged: true,
  });
  expect(passed("stance", anElement("b"), SCHEMES, "me", flagged).value).toBeNull();
});

it("leaves an earlier flag where only a further scheme is answered", () => {
  const current = anElement("a", { annotations: [{ ...said, flagged: true }] });
  const begin = begun({ current, returned: null }, "me", SCHEMES);
  const draft = { ...begin, value: null, others: { topic: ["tax"] } };
  expect(partsFrom(draft, current, SCHEMES, "me")[0]?.how).toBe("skipped");
});

it("passes without a word where there is nothing new to remark", () => {
  const nothing = { comment: " ", flagged: false };
  expect(passed("stance", anElement("a"), SCHEMES, "me", nothing).how).toBe("skipped");
  const flagged = anElement("a", { annotations: [{ ...said, flagged: true }] });
  const same = { comment: "", flagged: true };
  expect(passed("stance", flagged, SCHEMES, "me", same).how).toBe("skipped");
  expect(passed("stance", flagged, SCHEMES, "me", nothing).how).toBe("remarked");
  expect(passed("topic", anElement("a"), SCHEMES, "me", same).how).toBe("skipped");
});
