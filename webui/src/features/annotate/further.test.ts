import { expect, it } from "vitest";
import { known, MOST, readSearch, toggledScheme } from "./further";

it("reads the schemes beside the first from the address", () => {
  expect(readSearch({ with: ["topic", "names", "topic"] })).toEqual({ with: ["topic", "names"] });
  expect(readSearch({ with: "topic" })).toEqual({ with: ["topic"] });
  expect(readSearch({ with: [] })).toEqual({ with: [] });
  expect(readSearch({})).toEqual({});
  expect(readSearch({ with: 3 })).toEqual({});
  expect(readSearch({ with: [1, "", "topic"] })).toEqual({ with: ["topic"] });
});

it("takes no more than the server does", () => {
  const names = Array.from({ length: 12 }, (_, at) => `scheme ${at}`);
  expect(readSearch({ with: names }).with).toHaveLength(MOST);
});

it("leaves out the first, and what is no scheme any more", () => {
  const schemes = [{ name: "stance" }, { name: "topic" }];
  expect(known(["gone", "topic", "stance"], schemes, "stance")).toEqual([{ name: "topic" }]);
});

it("adds one at the end and takes it away", () => {
  expect(toggledScheme(["a"], "b")).toEqual(["a", "b"]);
  expect(toggledScheme(["a", "b"], "a")).toEqual(["b"]);
});
