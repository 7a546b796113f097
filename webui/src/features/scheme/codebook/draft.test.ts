import { expect, it } from "vitest";
import { afterSaving, both, difference, standing, written } from "./draft";

it("tells a draft from what is saved, and from what somebody else has saved meanwhile", () => {
  const draft = { base: "old", text: "mine" };
  expect(standing(null, "old")).toBe("saved");
  expect(standing(draft, "old")).toBe("changed");
  expect(standing(draft, "theirs")).toBe("conflict");
  expect(standing(draft, "mine")).toBe("saved");
});

it("keeps where a draft began, and is none once it says what is saved", () => {
  const begun = written(null, "olde", "old");
  expect(begun).toEqual({ base: "old", text: "olde" });
  expect(written(begun, "older", "theirs")).toEqual({ base: "old", text: "older" });
  expect(written(begun, "old", "old")).toBeNull();
});

it("keeps what was typed while a text was being saved", () => {
  expect(afterSaving({ base: "old", text: "sent and more" }, "sent")).toEqual({
    base: "sent",
    text: "sent and more",
  });
  expect(afterSaving({ base: "old", text: "sent" }, "sent")).toBeNull();
});

it("finds the lines that differ and joins both without losing any", () => {
  const found = difference("a\nmine\nz", "a\ntheirs\nmore\nz");
  expect(found).toEqual({
    before: ["a"],
    ours: ["mine"],
    theirs: ["theirs", "more"],
    after: ["z"],
  });
  expect(both(found)).toBe("a\ntheirs\nmore\nmine\nz");
  expect(both(difference("same", "same"))).toBe("same");
  expect(both(difference("a\na", "a"))).toBe("a\na");
});
