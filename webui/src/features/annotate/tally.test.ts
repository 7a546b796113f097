import { expect, it } from "vitest";
import type { Element } from "@/api/schema";
import { NOTHING, tallied } from "./tally";
import { anElement } from "./testing";

function said(user: string, value: unknown): Element["annotations"][number] {
  return {
    seq: 1,
    user,
    value,
    source: "human",
    comment: "",
    created_at: "2026-01-01T00:00:00Z",
    codebook: 1,
    outdated: false,
  };
}

it("counts a text of which nobody had said anything for everybody and for oneself", () => {
  expect(tallied(NOTHING, anElement("a"), "me", 1)).toEqual({ texts: 1, own: 1, any: 1 });
});

it("counts what others had coded for oneself alone", () => {
  const element = anElement("a", { annotations: [said("you", "agree")] });
  expect(tallied(NOTHING, element, "me", 1)).toEqual({ texts: 1, own: 1, any: 0 });
});

it("counts no text twice that one corrects", () => {
  const element = anElement("a", { annotations: [said("me", "agree")] });
  expect(tallied(NOTHING, element, "me", 1)).toEqual({ texts: 1, own: 0, any: 0 });
});

it("takes an answer that was taken back for none", () => {
  const element = anElement("a", { annotations: [said("me", null)] });
  expect(tallied(NOTHING, element, "me", 1)).toEqual({ texts: 1, own: 1, any: 1 });
});

it("leaves texts that are kept to test out of what is to be coded", () => {
  expect(tallied(NOTHING, anElement("a", { split: "test" }), "me", 1)).toEqual({
    texts: 1,
    own: 0,
    any: 0,
  });
});

it("undoes what it did", () => {
  const element = anElement("a");
  expect(tallied(tallied(NOTHING, element, "me", 1), element, "me", -1)).toEqual(NOTHING);
});
