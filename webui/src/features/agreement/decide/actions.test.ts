import { expect, it, vi } from "vitest";
import type { LabelInfo, SchemeInfo } from "@/api/schema";
import { actionFor, clashes } from "@/shared/actions/action";
import { everywhere } from "@/shared/everywhere";
import { type Controls, decideActions, toggledLabel } from "./actions";

function scheme(count: number): SchemeInfo {
  const labels = Array.from({ length: count }, (_, id): LabelInfo => {
    return { id, name: `label ${id}`, color: null, description: "" };
  });
  return { labels, widget: "choice" } as unknown as SchemeInfo;
}

function controls(part: Partial<Controls> = {}): Controls {
  return {
    giveLabel: vi.fn(),
    save: null,
    accept: null,
    takeBack: null,
    next: vi.fn(),
    previous: null,
    undo: null,
    comment: vi.fn(),
    discuss: vi.fn(),
    ...part,
  };
}

it("decides by digits, then by letters that nothing else has", () => {
  const given = controls({ accept: vi.fn(), save: vi.fn(), takeBack: vi.fn() });
  const { all, labels } = decideActions(scheme(30), given, false);
  expect(clashes([...all, ...everywhere])).toEqual([]);
  actionFor(all, "2")?.run();
  expect(given.giveLabel).toHaveBeenCalledWith("label 1");
  expect(labels[9]?.keys).toEqual(["a"]);
});

it("keeps a label's key whether or not there is something to accept", () => {
  const keys = (part: Partial<Controls>) =>
    decideActions(scheme(30), controls(part), false).labels.map((label) => label.keys);
  expect(keys({ accept: vi.fn(), takeBack: vi.fn() })).toEqual(keys({}));
});

it("does nothing while a decision is on its way", () => {
  expect(decideActions(scheme(2), controls(), true).all.every(({ disabled }) => disabled)).toBe(
    true,
  );
});

it("marks labels and takes the mark away", () => {
  expect(toggledLabel(["a"], "b")).toEqual(["a", "b"]);
  expect(toggledLabel(["a", "b"], "a")).toEqual(["b"]);
});
