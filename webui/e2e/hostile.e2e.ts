import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const MARKUP = `<img src="x" onerror="window.hit=1" data-hit><script>window.hit=1</script>`;
const LINK = `[a](javascript:window.hit=1) <a href="javascript:window.hit=1" data-hit>b</a>`;

let browser: Browser;
let slug: string;

beforeAll(async () => {
  let server: Server;
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  const texts = Array.from({ length: 30 }, (_, at) => `"${MARKUP.replaceAll('"', '""')} ${at}"`);
  slug = await server.createProject(`Hostile ${MARKUP}`, texts);
  await server.createScheme(slug, "marked", [MARKUP, `${LINK}`], `# ${MARKUP}\n\n${LINK}`);
});
afterAll(() => browser?.close());

it("draws texts, labels, names and codebooks as what they are", { timeout: 90_000 }, async () => {
  const context = await browser.newContext();
  const { page, errors, foreign } = await openPage(context, here);
  context.setDefaultTimeout(40_000);
  let asked = 0;
  page.on("dialog", (dialog) => {
    asked += 1;
    void dialog.dismiss();
  });
  await page.goto(`${here.baseUrl}/projects/${slug}`);
  await signIn(page, here);
  await page.getByRole("button", { name: /^Account: / }).waitFor();
  const places = [
    "",
    "/annotate/marked",
    "/schemes/marked",
    "/learning/marked",
    "/models",
    "/llm",
    "/jobs",
    "/settings",
  ];
  for (const place of places) {
    await page.goto(`${here.baseUrl}/projects/${slug}${place}`);
    await page.getByText("Hostile <img").first().waitFor();
    expect(await page.locator("[data-hit]").count()).toBe(0);
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
  }
  await page.goto(`${here.baseUrl}/projects/${slug}/annotate/marked`);
  // The text is there, letter by letter.
  await page.locator("[data-text-id]").getByText(MARKUP).waitFor();
  await page.keyboard.press("1");
  expect(await page.evaluate(() => "hit" in window)).toBe(false);
  expect(asked).toBe(0);
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});
