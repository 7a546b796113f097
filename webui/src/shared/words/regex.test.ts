import { expect, it } from "vitest";
import { literally } from "./regex";

it("means a text as it stands", () => {
  expect(literally("a+b (c)")).toBe("a\\+b \\(c\\)");
});
