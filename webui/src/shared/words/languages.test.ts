import { expect, it } from "vitest";
import { languageName, ownName } from "./languages";

it("names languages in themselves and in the page's", () => {
  expect(ownName("fr")).toBe("Français");
  expect(languageName("fr")).toBe("French");
});

it("leaves what is no language as it is", () => {
  expect(languageName("no language!")).toBe("no language!");
});
