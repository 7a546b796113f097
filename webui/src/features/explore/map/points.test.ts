import { describe, expect, it } from "vitest";
import { BATCHES, FROM_POLARS, FROM_PYARROW } from "./arrowFiles.testing";
import { amongOf, coloursOf, indexOfRows, placesOf } from "./points";

function file(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (each) => each.charCodeAt(0)).buffer;
}

describe("points", () => {
  it("are found again by their rows", () => {
    const pointOf = indexOfRows(Uint32Array.of(7, 2, 4));
    expect([...pointOf]).toEqual([-1, -1, 1, -1, 2, -1, -1, 0]);
    expect([...indexOfRows(new Uint32Array())]).toEqual([]);
  });

  it("are coloured by names, in the order of the points", () => {
    // Rows 0 to 2 are pro, nothing, con.
    const colours = coloursOf(file(FROM_PYARROW), "label", 3, indexOfRows(Uint32Array.of(2, 0, 1)));
    expect([...colours.codes].map((code) => colours.names[code - 1] ?? null)).toEqual([
      "con",
      "pro",
      null,
    ]);
    expect(colours.counts).toEqual([1, 1, 1]);
    expect(colours.sure).toBeNull();
  });

  it("are coloured by times from the least to the greatest", () => {
    const colours = coloursOf(file(FROM_PYARROW), "time", 3, indexOfRows(Uint32Array.of(0, 1, 2)));
    expect(colours.scale).toBe("time");
    expect([...colours.codes]).toEqual([64, 0, 1]);
    expect([colours.least, colours.greatest]).toEqual([0, Date.UTC(2026, 0, 2)]);
    const one = coloursOf(file(FROM_POLARS), "context", 1, indexOfRows(Uint32Array.of(4)));
    expect([...one.codes]).toEqual([1]);
  });

  it("are told apart by what a filter lets through", () => {
    expect([...amongOf(file(BATCHES), 3, indexOfRows(Uint32Array.of(9, 1, 0)))]).toEqual([0, 1, 1]);
  });

  it("say what they lack", () => {
    expect(() => placesOf(file(BATCHES))).toThrow("no column x");
    expect(() => coloursOf(file(BATCHES), "label", 0, new Int32Array())).toThrow("no column label");
  });
});
