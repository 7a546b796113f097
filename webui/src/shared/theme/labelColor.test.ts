import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { labelColor, PALETTE } from "./labelColor";

it("stores the colours that tokens.css draws in light mode", () => {
  const [light = ""] = readFileSync("src/shared/theme/tokens.css", "utf8").split("[data-mantine");
  const tokens = [...light.matchAll(/--label-\d: (#[0-9a-f]{6});/g)].map(([, hex]) => hex);
  expect(PALETTE).toEqual(tokens);
});

it("draws a label in its own colour, or in the palette's by its place", () => {
  expect(labelColor("#123456", 0)).toBe("#123456");
  expect(labelColor(null, 9)).toBe("var(--label-2)");
});

it("draws a colour of the palette by its token, so that it fits either mode", () => {
  expect(labelColor("#009D9F", 0)).toBe("var(--label-3)");
});
