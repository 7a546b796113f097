import { describe, expect, it } from "vitest";
import { type Caret, type Move, moved, snapped } from "./caret";

const TEXT = "Ada met Grace Hopper.";

function walked(text: string, ...moves: readonly Partial<Move>[]): string {
  const caret = moves.reduce<Caret | null>(
    (now, move) => moved(now, { forward: true, unit: "word", extend: false, ...move }, text, "en"),
    null,
  );
  if (caret === null) throw new Error("no move");
  return text.slice(Math.min(caret.anchor, caret.head), Math.max(caret.anchor, caret.head));
}

const right = {};
const left = { forward: false };
const more = { extend: true };
const less = { forward: false, extend: true };

describe("a caret", () => {
  it("goes from word to word and stays at the last", () => {
    expect(walked(TEXT, right)).toBe("Ada");
    expect(walked(TEXT, right, right, right)).toBe("Grace");
    expect(walked(TEXT, left)).toBe("Hopper");
    expect(walked(TEXT, left, right)).toBe("Hopper");
    expect(walked(TEXT, left, left)).toBe("Grace");
  });

  it("grows and shrinks by words", () => {
    expect(walked(TEXT, right, more)).toBe("Ada met");
    expect(walked(TEXT, right, more, more, less)).toBe("Ada met");
  });

  it("turns over on the word where it began", () => {
    expect(walked(TEXT, right, right, less)).toBe("Ada met");
    expect(walked(TEXT, right, right, less, more)).toBe("met");
    expect(walked(TEXT, right, right, more, less, less)).toBe("Ada met");
  });

  it("goes by characters to correct an end", () => {
    const letter = { unit: "character", extend: true } as const;
    expect(walked(TEXT, left, letter)).toBe("Hopper.");
    expect(walked(TEXT, right, { ...letter, forward: false })).toBe("Ad");
    expect(walked(TEXT, right, { unit: "character" })).toBe(" ");
  });

  it("takes an emoji of several signs for one character", () => {
    const family = "a👨‍👩‍👧b";
    expect(walked(family, { unit: "character" }, { unit: "character" })).toBe("👨‍👩‍👧");
  });

  it("finds words where no blanks part them, and in Arabic", () => {
    expect(walked("我喜欢猫", right).length).toBeLessThan(4);
    expect(walked("مرحبا بالعالم", right, right)).toBe("بالعالم");
  });

  it("has something to stand on in a text without words, and in none", () => {
    expect(walked("!?", right, right)).toBe("?");
    expect(moved(null, { forward: true, unit: "word", extend: false }, "", "en")).toEqual({
      anchor: 0,
      head: 0,
    });
  });

  it("takes a language that is none for the reader's own", () => {
    expect(snapped({ from: 1, to: 2 }, "Ada", "no language!")).toEqual({ from: 0, to: 3 });
  });
});

describe("snapped", () => {
  const snap = (from: number, to: number) => snapped({ from, to }, TEXT, "en");

  it("widens to whole words", () => {
    expect(snap(1, 6)).toEqual({ from: 0, to: 7 });
    expect(snap(4, 7)).toEqual({ from: 4, to: 7 });
  });

  it("leaves what touches no word", () => {
    expect(snap(20, 21)).toEqual({ from: 20, to: 21 });
  });
});
