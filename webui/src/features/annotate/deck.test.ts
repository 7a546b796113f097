import { describe, expect, it } from "vitest";
import {
  AHEAD,
  advanced,
  brought,
  dealt,
  emptyDeck,
  type Past,
  restarted,
  returned,
  wantsMore,
} from "./deck";
import { anElement } from "./testing";

const NOW = Date.parse("2029-01-01T00:00:00Z");
const texts = (...ids: string[]) => ({ elements: ids.map((id) => anElement(id)), remaining: 0 });
const coded = (id: string): Past => ({
  element: anElement(id),
  how: "coded",
  key: id,
  value: "agree",
  comment: "",
  flagged: false,
});
const nobody = new Set<string>();

describe("dealing", () => {
  it("puts the first text in front and the others behind it", () => {
    const deck = dealt(emptyDeck, texts("a", "b", "c"), nobody);
    expect(deck.current?.id).toBe("a");
    expect(deck.ahead.map(({ id }) => id)).toEqual(["b", "c"]);
  });

  it("leaves out what is here already or not confirmed yet", () => {
    const deck = dealt(
      dealt(emptyDeck, texts("a", "b"), nobody),
      texts("b", "c", "d"),
      new Set(["c"]),
    );
    expect(deck.ahead.map(({ id }) => id)).toEqual(["b", "d"]);
  });

  it("asks for more while fewer than enough are ahead, and stops when there are none", () => {
    const deck = dealt(emptyDeck, texts(..."abc"), nobody);
    expect(wantsMore(deck)).toBe(true);
    expect(wantsMore(dealt(emptyDeck, texts(..."abcdef"), nobody))).toBe(false);
    expect(wantsMore(dealt(deck, texts(), nobody))).toBe(false);
    expect(AHEAD).toBeGreaterThanOrEqual(5);
  });
});

describe("going on", () => {
  it("takes the next text", () => {
    const deck = advanced(dealt(emptyDeck, texts("a", "b"), nobody), coded("a"), NOW);
    expect(deck.current?.id).toBe("b");
    expect(deck.past.map(({ element }) => element.id)).toEqual(["a"]);
  });

  it("passes over texts whose leases lapsed while they waited", () => {
    const lapsed = anElement("b", { lease_expires_at: "2028-12-31T23:59:59Z" });
    const deck = dealt(
      emptyDeck,
      { elements: [anElement("a"), lapsed, anElement("c")], remaining: 0 },
      nobody,
    );
    expect(advanced(deck, coded("a"), NOW).current?.id).toBe("c");
  });

  it("asks once more when the last text is gone, for others may have given some back", () => {
    const deck = dealt(dealt(emptyDeck, texts("a"), nobody), texts(), nobody);
    expect(wantsMore(advanced(deck, coded("a"), NOW))).toBe(true);
  });
});

describe("going back", () => {
  const deck = advanced(dealt(emptyDeck, texts("a", "b"), nobody), coded("a"), NOW);

  it("brings the last text to the front with what was said of it", () => {
    const back = returned(deck, false);
    expect(back.current?.id).toBe("a");
    expect(back.ahead.map(({ id }) => id)).toEqual(["b"]);
    expect(back.returned?.value).toBe("agree");
    expect(back.past).toEqual([]);
  });

  it("keeps the lease only if it still holds", () => {
    expect(returned(deck, true).current?.lease).toBe("lease-a");
    expect(returned(deck, false).current?.lease).toBeNull();
  });

  it("does nothing at the beginning", () => {
    expect(returned(emptyDeck, false)).toBe(emptyDeck);
  });
});

it("brings an old text to the front, and loses none that waits", () => {
  const deck = dealt(emptyDeck, texts("a", "b"), nobody);
  const old = brought(deck, anElement("z", { lease: null }));
  expect(old.current?.id).toBe("z");
  expect(old.ahead.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(brought(deck, anElement("b")).ahead.map(({ id }) => id)).toEqual(["a"]);
  expect(brought(deck, anElement("a"))).toBe(deck);
});

it("begins anew with another question but can still go back", () => {
  const deck = advanced(dealt(emptyDeck, texts("a", "b"), nobody), coded("a"), NOW);
  const anew = restarted(deck);
  expect(anew.current).toBeNull();
  expect(anew.deal).toBe(deck.deal + 1);
  expect(returned(anew, false).current?.id).toBe("a");
});
