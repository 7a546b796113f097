import { expect, it, vi } from "vitest";
import type { SchemeInfo } from "@/api/schema";
import { clashes } from "@/shared/actions/action";
import { annotateActions, toggledLabel } from "./actions";
import { dealt, emptyDeck } from "./deck";
import { anElement } from "./testing";
import type { Annotating } from "./useAnnotating";

const CONTROLS = {
  toggleComment: vi.fn(),
  togglePanel: vi.fn(),
  findLabel: vi.fn(),
  labelSelection: vi.fn(),
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
    created_at: "2026-01-01T00:00:00Z",
  };
}

function aDesk(): Annotating {
  const deck = dealt(emptyDeck, { elements: [anElement("a")], remaining: 0 }, new Set());
  return {
    deck,
    draft: { value: ["label 1"], comment: "" },
    code: vi.fn(),
    skip: vi.fn(),
    undo: vi.fn(),
    setDraft: vi.fn(),
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
  expect(desk.code).toHaveBeenCalledWith("label 2");
  expect(save).toBeNull();
});

it("collects labels and saves them by Enter where there may be several", () => {
  const desk = aDesk();
  const { labels, save } = annotateActions(aScheme("choices", 3), desk, CONTROLS);
  labels[2]?.run();
  expect(desk.code).not.toHaveBeenCalled();
  expect(desk.setDraft).toHaveBeenCalledTimes(1);
  save?.run();
  expect(save?.keys).toEqual(["enter"]);
  expect(desk.code).toHaveBeenCalledWith(["label 1"]);
});

it("toggles a label", () => {
  expect(toggledLabel(["a"], "b")).toEqual(["a", "b"]);
  expect(toggledLabel(["a", "b"], "a")).toEqual(["b"]);
  expect(toggledLabel(null, "a")).toEqual(["a"]);
});
