import { describe, expect, it } from "vitest";
import { segments, selectedSpan, toggled } from "./segments";

const span = (start: number, end: number, label = "person") => ({ start, end, label });

describe("segments", () => {
  it("cuts a text where spans begin and end", () => {
    const parts = segments("Ada met Grace.", [span(0, 3), span(8, 13)]);
    expect(parts.map(({ text }) => text)).toEqual(["Ada", " met ", "Grace", "."]);
    expect(parts.map(({ spans }) => spans.length)).toEqual([1, 0, 1, 0]);
  });

  it("counts an emoji as one character, as the server does", () => {
    const parts = segments("🌍 Ada", [span(2, 5)]);
    expect(parts.map(({ text }) => text)).toEqual(["🌍 ", "Ada"]);
    expect(parts.map(({ start }) => start)).toEqual([0, 3]);
  });

  it("lays overlapping spans over each other", () => {
    const parts = segments("abcdef", [span(0, 4), span(2, 6, "place")]);
    expect(parts.map(({ text, spans }) => [text, spans.length])).toEqual([
      ["ab", 1],
      ["cd", 2],
      ["ef", 1],
    ]);
    expect(parts.map(({ ending }) => ending.map(({ label }) => label))).toEqual([
      [],
      ["person"],
      ["place"],
    ]);
  });

  it("gives the whole text where there are no spans", () => {
    expect(segments("abc", []).map(({ text }) => text)).toEqual(["abc"]);
  });
});

describe("selectedSpan", () => {
  it("leaves out blanks at the ends and counts characters", () => {
    expect(selectedSpan("🌍 Ada met", 2, 7)).toEqual({ start: 2, end: 5 });
  });

  it("is nothing where only blanks are selected", () => {
    expect(selectedSpan("a  b", 1, 3)).toBeNull();
  });
});

it("adds a span, and takes away the same one", () => {
  const one = toggled([], span(5, 8));
  expect(toggled(one, span(0, 3))).toEqual([span(0, 3), span(5, 8)]);
  expect(toggled(one, span(5, 8))).toEqual([]);
});
