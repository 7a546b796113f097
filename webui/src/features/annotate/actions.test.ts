import { expect, it, vi } from "vitest";
import type { Element, SchemeInfo, Value } from "@/api/schema";
import { clashes } from "@/shared/actions/action";
import { annotateActions, toggledLabel } from "./actions";
import { dealt, emptyDeck } from "./deck";
import { stripActions } from "./strip/actions";
import { anElement } from "./testing";
import type { Annotating } from "./useAnnotating";

const CONTROLS = {
  strip: Object.values(
    stripActions({ toggle: vi.fn(), clear: vi.fn(), filtered: true, choosing: true }),
  ),
  toggleComment: vi.fn(),
  togglePanel: vi.fn(),
  findLabel: vi.fn(),
  toggleHistory: vi.fn(),
  askGoal: vi.fn(),
  toggleHighlights: vi.fn(),
  dismissFeedback: vi.fn(),
  labelSelection: vi.fn(),
  walkText: vi.fn(),
};

function aScheme(widget: SchemeInfo["widget"], labels: number): SchemeInfo {
  return {
    id: 1,
    name: "stance",
    type: "multiclass",
    widget,
    labels: Array.from({ length: labels }, (_, id) => ({
      id,
      name: `label ${id}`,
      color: null,
      description: "",
    })),
    codebook: "",
    params: {},
    overlap: 1,
    annotated: { train: 0, valid: 0, test: 0 },
    guide: null,
    codebook_version: 1,
    checks: null,
    created_at: "2026-01-01T00:00:00Z",
  };
}

function aDesk(value: Value = ["label 1"], schemes = ["stance"]): Annotating {
  const deck = dealt(emptyDeck, { elements: [anElement("a")], remaining: 0 }, new Set());
  return {
    deck,
    schemes,
    draft: { value, comment: "", flagged: false, others: {}, active: "stance", settled: [] },
    valueIn: () => value,
    answer: vi.fn(),
    say: vi.fn(),
    turn: vi.fn(),
    skip: vi.fn(),
    undo: vi.fn(),
    redo: vi.fn(),
    redoable: false,
  } as Partial<Annotating> as Annotating;
}

it.each([
  ["choice", 3],
  ["choices", 40],
  ["spans", 77],
] as const)("gives no key twice in a %s scheme of %i labels", (widget, labels) => {
  expect(clashes(annotateActions(aScheme(widget, labels), aDesk(), CONTROLS).all)).toEqual([]);
});

it("codes the text at once where there is one label a text", () => {
  const desk = aDesk();
  const { labels, save } = annotateActions(aScheme("choice", 3), desk, CONTROLS);
  labels[2]?.run();
  expect(desk.answer).toHaveBeenCalledWith("stance", "label 2");
  expect(save).toBeNull();
});

it("collects labels and saves them by Enter where there may be several", () => {
  const desk = aDesk();
  const { labels, save } = annotateActions(aScheme("choices", 3), desk, CONTROLS);
  labels[2]?.run();
  expect(desk.answer).not.toHaveBeenCalled();
  expect(desk.say).toHaveBeenCalledTimes(1);
  save?.run();
  expect(save?.keys).toEqual(["enter"]);
  expect(desk.answer).toHaveBeenCalledWith("stance", ["label 1"]);
});

it("says by a key of its own that no label applies, and not by Enter", () => {
  const desk = aDesk(null);
  const { save, none } = annotateActions(aScheme("choices", 3), desk, CONTROLS);
  expect(save?.disabled).toBe(true);
  none?.run();
  expect(none?.keys).toEqual(["0"]);
  expect(desk.answer).toHaveBeenCalledWith("stance", []);
  expect(annotateActions(aScheme("choice", 3), desk, CONTROLS).none).toBeNull();
});

it("lets Enter pass a scheme beside others, and keys go from one to the next", () => {
  const desk = aDesk(null, ["stance", "topic"]);
  const { all, save } = annotateActions(aScheme("choice", 3), desk, CONTROLS);
  save?.run();
  expect(desk.answer).toHaveBeenCalledWith("stance", null);
  all.find(({ keys }) => keys.includes("]"))?.run();
  expect(desk.turn).toHaveBeenCalledWith(1);
  expect(clashes(all)).toEqual([]);
});

it("accepts what the guide expects, unless an LLM's answer is shown", () => {
  const prediction = { value: "label 1", probabilities: { "label 1": 0.9 }, version: 2 };
  const suggestion = {
    by: "l",
    kind: "llm" as const,
    value: "label 2",
    confidence: null,
    justification: "",
  };
  const accepted = (change: Partial<Element>) => {
    const desk = aDesk(null);
    const deck = { ...desk.deck, current: anElement("a", change) };
    annotateActions(aScheme("choice", 3), { ...desk, deck }, CONTROLS).accept?.run();
    return vi.mocked(desk.answer).mock.calls[0]?.[1];
  };
  expect(accepted({ prediction })).toBe("label 1");
  expect(accepted({ prediction, suggestion })).toBe("label 2");
  expect(accepted({})).toBeUndefined();
});

it("toggles a label", () => {
  expect(toggledLabel(["a"], "b")).toEqual(["a", "b"]);
  expect(toggledLabel(["a", "b"], "a")).toEqual(["b"]);
  expect(toggledLabel(null, "a")).toEqual(["a"]);
});
