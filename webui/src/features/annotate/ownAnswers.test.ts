import { expect, it } from "vitest";
import type { HistoryEntry } from "@/api/schema";
import { ownAnswers } from "./ownAnswers";

function anEntry(part: Partial<HistoryEntry>): HistoryEntry {
  return {
    seq: 1,
    op: "set",
    id: "t1",
    row: 0,
    user: "ada",
    value: "pro",
    source: "human",
    strategy: null,
    selection_probability: null,
    model_version: null,
    comment: "",
    seconds: null,
    undoes: null,
    created_at: "2026-11-26T12:00:00Z",
    codebook: 1,
    text: "A text",
    before: null,
    ...part,
  };
}

it("lists each text once, with what is said of it now and was before", () => {
  const found = ownAnswers([
    anEntry({ id: "t1", value: "con", before: "pro" }),
    anEntry({ id: "t2", value: null, before: "pro", op: "undo" }),
    anEntry({ id: "t1" }),
    anEntry({ id: "t3" }),
    anEntry({ id: "t4", value: null }),
  ]);
  expect(found.map(({ id, words }) => [id, words])).toEqual([
    ["t1", "con, before that pro"],
    ["t2", "pro, taken back"],
    ["t3", "pro"],
    ["t4", "nothing said"],
  ]);
});

it("leaves out what is of no text", () => {
  expect(ownAnswers([anEntry({ id: null, text: null, op: "merge" })])).toEqual([]);
});
