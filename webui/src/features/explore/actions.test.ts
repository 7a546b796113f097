import { expect, it, vi } from "vitest";
import { actionFor, clashes } from "@/shared/actions/action";
import { exploreActions } from "./actions";

const runs = {
  label: vi.fn(),
  clear: vi.fn(),
  undo: vi.fn(),
  find: vi.fn(),
  selectAll: vi.fn(),
  deselect: vi.fn(),
  switchView: vi.fn(),
};
const map = {
  lasso: vi.fn(),
  box: vi.fn(),
  inView: vi.fn(),
  closer: vi.fn(),
  farther: vi.fn(),
  all: vi.fn(),
};
const labels = Array.from({ length: 77 }, (_, at) => ({
  id: at,
  name: `label ${at}`,
  color: null,
  description: "",
}));

it("gives no two actions one key, however many labels there are", () => {
  const present = { labels, labelling: true, undoable: true, selected: true };
  expect(clashes(exploreActions(runs, present))).toEqual([]);
  expect(clashes(exploreActions({ ...runs, map }, present))).toEqual([]);
});

it("gives labels by their keys to who may, and to nobody else", () => {
  const present = { labels, labelling: true, undoable: false, selected: false };
  actionFor(exploreActions(runs, present), "2")?.run();
  expect(runs.label).toHaveBeenCalledWith(labels[1]);
  const reader = exploreActions(runs, { ...present, labelling: false });
  expect(actionFor(reader, "2")).toBeUndefined();
  expect(actionFor(reader, "u")).toBeUndefined();
});

it("gives a label the same key in the table and on the map", () => {
  const present = { labels, labelling: true, undoable: false, selected: false };
  const keysOf = (of: Parameters<typeof exploreActions>[0]) =>
    exploreActions(of, present)
      .filter(({ id }) => id.startsWith("explore.label."))
      .map(({ keys }) => keys);
  expect(keysOf({ ...runs, map })).toEqual(keysOf(runs));
});
