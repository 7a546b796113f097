import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const TEXT = "🌍 Ada met Grace Hopper in London.";
const ARABIC = "مرحبا بالعالم الكبير";

let browser: Browser;
let server: Server;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
});
afterAll(() => browser?.close());

/** Open a project of one text, whose passages are to be marked. */
async function withText(text: string, colorScheme: "light" | "dark" = "light") {
  const slug = await server.createProject(`Spans ${Math.random()}`, [text]);
  await server.createScheme(slug, "names", ["person", "place"], "", "span");
  const context = await browser.newContext({ colorScheme });
  const watched = await openPage(context, here);
  const { page } = watched;
  await page.goto(`${here.baseUrl}/projects/${slug}/annotate/names`);
  await signIn(page, here);
  await page.locator("[data-text-id]").waitFor();
  const said = async () => (await server.elements(slug, "names", ""))[0]?.annotations[0]?.value;
  return { ...watched, context, said };
}

function selected(page: Page): Promise<string> {
  return page.evaluate(() => String(window.getSelection()));
}

const QUIET = { errors: [], foreign: [] };

it("marks passages by keyboard alone, overlapping ones too, and says what is under the caret", async () => {
  const { page, context, said, errors, foreign } = await withText(TEXT);
  await page.keyboard.press("m");
  expect(await selected(page)).toBe("Ada");
  await page.getByRole("status").getByText("Ada", { exact: true }).waitFor({ state: "attached" });
  await page.keyboard.press("1");
  for (const key of ["ArrowRight", "ArrowRight", "Shift+ArrowRight"])
    await page.keyboard.press(key);
  expect(await selected(page)).toBe("Grace Hopper");
  await page.keyboard.press("1");
  for (const key of ["ArrowRight", "ArrowRight", "Shift+ArrowLeft", "Shift+ArrowLeft"]) {
    await page.keyboard.press(key);
  }
  expect(await selected(page)).toBe("Hopper in London");
  await page.keyboard.press("Alt+Shift+ArrowRight");
  expect(await selected(page)).toBe("opper in London");
  await page.keyboard.press("Alt+Shift+ArrowLeft");
  await page.getByRole("status").getByText("Hopper in London, marked person").waitFor({
    state: "attached",
  });
  await page.keyboard.press("2");
  await page.keyboard.press("Escape");
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  await page.keyboard.press("Enter");
  await expect.poll(said).toEqual([
    { start: 2, end: 5, label: "person" },
    { start: 10, end: 22, label: "person" },
    { start: 16, end: 32, label: "place" },
  ]);
  expect({ errors, foreign }).toEqual(QUIET);
  await context.close();
});

it("goes the way that arrows point in a text from right to left", async () => {
  const { page, context } = await withText(ARABIC);
  await page.keyboard.press("m");
  await page.keyboard.press("ArrowLeft");
  expect(await selected(page)).toBe("بالعالم");
  await page.keyboard.press("ArrowRight");
  expect(await selected(page)).toBe("مرحبا");
  await context.close();
});

it("takes whole words by mouse, and letters while Alt is held", async () => {
  const { page, context } = await withText(TEXT);
  const text = page.getByRole("textbox", { name: /^Text:/ });
  /** Drag from the middle of one word into another. */
  const drag = async () => {
    const [from, to] = await text.evaluate((element) => {
      const node = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
      const at = (offset: number) => {
        const range = document.createRange();
        range.setStart(node as Node, offset);
        range.setEnd(node as Node, offset + 1);
        const { left, top, height } = range.getBoundingClientRect();
        return { x: left + 1, y: top + height / 2 };
      };
      return [at(13), at(19)];
    });
    await page.mouse.move(from?.x ?? 0, from?.y ?? 0);
    await page.mouse.down();
    await page.mouse.move(to?.x ?? 0, to?.y ?? 0, { steps: 4 });
    await page.mouse.up();
  };
  await drag();
  await expect.poll(() => selected(page)).toBe("Grace Hopper");
  await page.mouse.click(5, 5);
  await page.keyboard.down("Alt");
  await drag();
  await page.keyboard.up("Alt");
  await expect.poll(() => selected(page)).toBe("ace Ho");
  await context.close();
});

it("takes an empty answer that is meant, and none by Enter alone", async () => {
  const { page, context, said } = await withText(TEXT);
  await page.keyboard.press("Enter");
  expect(await page.locator("[data-text-id]").count()).toBe(1);
  await page.keyboard.press("0");
  await expect.poll(said).toEqual([]);
  await context.close();
});

it.each(["light", "dark"] as const)("has no serious finding of axe in %s mode", async (mode) => {
  const { page, context } = await withText(TEXT, mode);
  await page.keyboard.press("m");
  await page.keyboard.press("1");
  await page.locator("mark").waitFor();
  expect(await seriousFindings(page, "annotate-spans")).toEqual([]);
  await context.close();
});
