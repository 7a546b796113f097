import { describe, expect, it } from "vitest";
import { narrows } from "@/shared/filter/filter";
import {
  changed,
  filterKeyOf,
  narrowed,
  readSearch,
  resorted,
  tableQuestion,
  withoutFilter,
} from "./search";

describe("readSearch", () => {
  it("keeps what means something and drops the rest", () => {
    const where = [{ column: "year", op: "ge", value: 2000 }];
    expect(
      readSearch({
        scheme: "stance",
        regex: 2024,
        where: [...where, { column: "year", op: "like" }, 3],
        split: "dev",
        sample: "untagged",
        sort: [{ by: "id" }, { by: 3 }],
        columns: ["year", 1],
        other: "x",
      }),
    ).toEqual({
      scheme: "stance",
      regex: "2024",
      where,
      sample: "untagged",
      sort: [{ by: "id" }],
      columns: ["year"],
    });
  });

  it("leaves out what asks for nothing", () => {
    expect(readSearch({ regex: "", where: [], sample: "all", sort: [] })).toEqual({});
    expect(changed({ regex: "a", split: "test" }, { regex: undefined })).toEqual({ split: "test" });
  });
});

describe("a map", () => {
  const region = { projection: "near", box: [0, 0, 1, 2] as [number, number, number, number] };

  it("is in the address, with its region and colours", () => {
    const search = { view: "map", map: "near", color: "topic:themes", region };
    expect(readSearch(search)).toEqual(search);
    expect(readSearch({ view: "globe", map: "", region: { projection: "near" } })).toEqual({});
  });

  it("has a region that is a filter of the table, and goes with the filter", () => {
    expect(tableQuestion({ region }).filter).toEqual({ where: [], region });
    expect(narrows({ region })).toBe(true);
    expect(narrows(readSearch({ view: "map", map: "near", color: "split" }))).toBe(false);
    expect(withoutFilter({ view: "map", map: "near", color: "split", region })).toEqual({
      view: "map",
      map: "near",
      color: "split",
    });
  });
});

describe("a filter", () => {
  it("is what keeps texts away, and can be taken away", () => {
    const search = { scheme: "s", regex: "a", sort: [{ by: "id" }], columns: [] };
    expect(narrows(search)).toBe(true);
    expect(withoutFilter(search)).toEqual({ scheme: "s", sort: [{ by: "id" }], columns: [] });
    expect(narrows(withoutFilter(search))).toBe(false);
  });

  it("looks for a person's answers among the coded texts", () => {
    expect(tableQuestion({ by: "anna", label: "pro" })).toEqual({
      sample: { kind: "tagged", by: "anna", labels: ["pro"], label: "pro" },
      filter: { where: [] },
      split: "all",
      sort: [],
    });
    expect(tableQuestion({ sample: "predicted_as", label: "pro" }).sample?.kind).toBe(
      "predicted_as",
    );
  });
});

describe("resorted", () => {
  it("goes up, down, and back", () => {
    const up = resorted(undefined, "id", false);
    expect(up).toEqual([{ by: "id", descending: false }]);
    const down = resorted(up, "id", false);
    expect(down).toEqual([{ by: "id", descending: true }]);
    expect(resorted(down, "id", false)).toBeUndefined();
    expect(resorted(down, "label", false)).toEqual([{ by: "label", descending: false }]);
  });

  it("lets another column decide where the first ties, three of them at most", () => {
    const both = resorted([{ by: "label" }], "id", true);
    expect(both).toEqual([{ by: "label" }, { by: "id", descending: false }]);
    expect(resorted(both, "label", true)).toEqual([
      { by: "label", descending: true },
      { by: "id", descending: false },
    ]);
    const keys = ["a", "b", "c"].map((by) => ({ by }));
    expect(resorted(keys, "d", true)?.map(({ by }) => by)).toEqual(["b", "c", "d"]);
  });
});

describe("looking for similar texts", () => {
  const similar = { text: "noise at night" };
  const close = { ...similar, least: 0.5 };

  it("is in the address and in the question, and an order alone", () => {
    expect(readSearch({ similar, sort: [{ by: "similarity" }] })).toEqual({
      similar,
      sort: [{ by: "similarity" }],
    });
    expect(readSearch({ similar: "noise", sort: [{ by: "similarity" }] })).toEqual({});
    expect(tableQuestion({ similar }).similar).toEqual(similar);
    expect(narrowed({ similar })).toBe(false);
    expect(filterKeyOf(tableQuestion({ similar }))).toBe(filterKeyOf(tableQuestion({})));
  });

  it("keeps texts away where they are to be alike, until the filter is cleared", () => {
    expect(narrowed({ similar: close })).toBe(true);
    expect(filterKeyOf(tableQuestion({ similar: close }))).not.toBe(filterKeyOf(tableQuestion({})));
    expect(withoutFilter({ similar: close, regex: "a" })).toEqual({ similar });
  });
});
