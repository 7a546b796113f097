import { expect, it } from "vitest";
import { isNarrowed, readSearch } from "./search";

it("keeps of an address what it can mean", () => {
  const search = {
    scheme: "sky",
    split: "nowhere",
    decided: "yes",
    show: "figures",
    label: "",
    by: 3,
  };
  expect(readSearch(search)).toEqual({ scheme: "sky", decided: "yes", show: "figures" });
});

it("needs two people to ask for what lies between them", () => {
  expect(isNarrowed({ first: "ada" })).toBe(false);
  expect(isNarrowed({ first: "ada", second: "ben" })).toBe(true);
  expect(isNarrowed({ decided: "all" })).toBe(false);
});
