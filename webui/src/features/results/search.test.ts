import { expect, test } from "vitest";
import { readSearch } from "./search";

test("reads an address and drops what it cannot mean", () => {
  const search = { scheme: "topic", show: "samples", prevalence: 0.3, correlation: -0.5 };
  expect(readSearch(search)).toEqual(search);
  expect(readSearch({ scheme: "", show: "all", prevalence: 3, correlation: "x" })).toEqual({});
  expect(readSearch({ estimate: 42, scheme: 7 })).toEqual({ estimate: "42", scheme: "7" });
});
