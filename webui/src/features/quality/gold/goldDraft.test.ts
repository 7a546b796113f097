import { expect, it } from "vitest";
import { aGold } from "../testing";
import { emptyGold, goldAgain, goldDraft, newGold } from "./goldDraft";

it("asks for a label before a text is gold, unless what counts is right", () => {
  const draft = emptyGold("t1");
  expect(newGold(draft, "choice")).toBeNull();
  expect(newGold({ ...draft, labels: ["con"], note: " irony " }, "choice")).toEqual({
    id: "t1",
    value: "con",
    attention: false,
    note: "irony",
  });
  expect(newGold({ ...draft, says: false }, "choice")?.value).toBeNull();
});

it("takes no label at all as an answer where there may be several", () => {
  expect(newGold(emptyGold("t1"), "choices")?.value).toEqual([]);
});

it("takes passages from the text itself", () => {
  expect(newGold(emptyGold("t1"), "spans")?.value).toBeNull();
});

it("begins with what is right, and brings all of it back", () => {
  const gold = aGold({ id: "t1", right: "con", note: "Irony.", attention: true });
  expect(newGold(goldDraft(gold), "choice")).toEqual(goldAgain(gold));
  expect(goldDraft(aGold({ right: null })).says).toBe(false);
});
