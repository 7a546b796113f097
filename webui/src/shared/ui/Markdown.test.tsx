import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { Markdown } from "./Markdown";

const html = (text: string) => render(<Markdown text={text} />).container.firstElementChild;

it("draws what codebooks are written with", () => {
  const drawn = html(
    "# Stance\n\n- **agree**: says *yes*\n- other\n\n| a | b |\n|---|---|\n| 1 | 2 |",
  );
  expect(drawn?.querySelector("h3")?.textContent).toBe("Stance");
  expect(drawn?.querySelectorAll("li")).toHaveLength(2);
  expect(drawn?.querySelector("li strong")?.textContent).toBe("agree");
  expect(drawn?.querySelector("td")?.textContent).toBe("1");
});

it("shows HTML as it was typed, whether it stands alone or in a line", () => {
  const drawn = html('<script>hit()</script>\n\nin <img src="x" onerror="hit()"> line');
  expect(drawn?.querySelectorAll("script, img")).toHaveLength(0);
  expect(drawn?.textContent).toContain("<script>hit()</script>");
  expect(drawn?.textContent).toContain('<img src="x" onerror="hit()">');
});

it.each(["[a](javascript:hit())", "[a](data:text/html,hit)", "[a](JaVaScRiPt:hit())", "[a](/x)"])(
  "follows no address of another kind: %s",
  (text) => {
    const drawn = html(text);
    expect(drawn?.querySelector("a")).toBeNull();
    expect(drawn?.textContent).toBe(text);
  },
);

it("links to pictures instead of asking another host for them", () => {
  const drawn = html("![a map](https://example.org/map.png)");
  expect(drawn?.querySelector("img")).toBeNull();
  expect(drawn?.querySelector("a")?.textContent).toBe("a map");
});

it("keeps signs that HTML would need another way", () => {
  expect(html('a < b && c > "d" `x < y`')?.textContent).toBe('a < b && c > "d" x < y');
});

it("is not broken by what is nested without end", () => {
  expect(html(`${">".repeat(5_000)} deep`)?.textContent).toContain("deep");
  expect(html(`${"- ".repeat(2_000)} deep`)?.textContent).toContain("deep");
});
