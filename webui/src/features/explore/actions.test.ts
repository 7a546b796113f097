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
  seek: vi.fn(),
  like: vi.fn(),
  annotate: vi.fn(),
};
const map = {
  lasso: vi.fn(),
  box: vi.fn(),
  inView: vi.fn(),
  closer: vi.fn(),
  farther: vi.fn(),
  all: vi.fn(),
};
const FOUND = { comparing: true, handover: "Annotate these 3" } as const;
const labels = Array.from({ length: 77 }, (_, at) => ({
  id: at,
  name: `label ${at}`,
  color: null,
  description: "",
}));

it("gives no two actions one key, however many labels there are", () => {
  const present = { labels, labelling: true, undoable: true, selected: true, ...FOUND };
  expect(clashes(exploreActions(runs, present))).toEqual([]);
  expect(clashes(exploreActions({ ...runs, map }, present))).toEqual([]);
});

it("gives labels by their keys to who may, and to nobody else", () => {
  const present = { labels, labelling: true, undoable: false, selected: false, ...FOUND };
  actionFor(exploreActions(runs, present), "2")?.run();
  expect(runs.label).toHaveBeenCalledWith(labels[1]);
  const reader = exploreActions(runs, { ...present, labelling: false });
  expect(actionFor(reader, "2")).toBeUndefined();
  expect(actionFor(reader, "u")).toBeUndefined();
});

it("gives a label the same key in the table and on the map", () => {
  const present = { labels, labelling: true, undoable: false, selected: false, ...FOUND };
  const keysOf = (of: Parameters<typeof exploreActions>[0]) =>
    exploreActions(of, present)
      .filter(({ id }) => id.startsWith("explore.label."))
      .map(({ keys }) => keys);
  expect(keysOf({ ...runs, map })).toEqual(keysOf(runs));
});

it("offers to code some texts by a key, and says which", () => {
  const present = { labels, labelling: false, undoable: false, selected: false, ...FOUND };
  expect(actionFor(exploreActions(runs, present), "n")?.title).toBe("Annotate these 3");
  const none = exploreActions(runs, { ...present, handover: null, comparing: false });
  expect(actionFor(none, "n")?.disabled).toBe(true);
  expect(actionFor(none, "k")?.disabled).toBe(true);
});
