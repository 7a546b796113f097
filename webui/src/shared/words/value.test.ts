import { expect, test } from "vitest";
import { said } from "./value";

test("a value is written out, whatever it is of", () => {
  expect(said("waste", "")).toBe("waste");
  expect(said(["waste", "roads"], "")).toBe("waste, roads");
  expect(said([], "")).toBe("none");
});

test("passages are quoted by characters, not by UTF-16 units", () => {
  const spans = [{ start: 2, end: 5, label: "animal" }];
  expect(said(spans, "😀 cat")).toBe("animal: \u201ccat\u201d");
});
