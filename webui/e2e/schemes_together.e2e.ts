import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser, type Watched } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const TEXTS = Array.from({ length: 60 }, (_, at) => `Text ${at}: Ada takes bus ${at} to London`);

let browser: Browser;
let server: Server;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
});
afterAll(() => browser?.close());

/** Open a project whose texts are coded for stance, topics and names at once. */
async function withThree(colorScheme: "light" | "dark" = "light") {
  const slug = await server.createProject(`Together ${Math.random()}`, TEXTS);
  await server.createScheme(slug, "stance", ["agree", "disagree"]);
  await server.createScheme(slug, "topic", ["transport", "money"], "", "multilabel");
  await server.createScheme(slug, "names", ["person", "place"], "", "span");
  const context = await browser.newContext({ colorScheme });
  const watched = await openPage(context, here);
  const { page } = watched;
  await page.goto(`${here.baseUrl}/projects/${slug}/annotate/stance`);
  await signIn(page, here);
  await page.locator("[data-text-id]").waitFor();
  await page.getByRole("button", { name: "One scheme" }).click();
  await page.getByRole("checkbox", { name: "topic" }).check();
  await page.getByRole("checkbox", { name: "names" }).check();
  expect(await seriousFindings(page, "annotate-schemes")).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("region", { name: "names" }).waitFor();
  await page.locator("[data-text-id]").waitFor();
  await page.getByRole("checkbox", { name: "names" }).waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement === document.body);
  return { ...watched, context, slug };
}

function said(slug: string): Promise<unknown[][]> {
  return Promise.all(
    ["stance", "topic", "names"].map(async (scheme) =>
      (await server.elements(slug, scheme, "sample=tagged&limit=500")).map(
        ({ id, annotations }) => [id, annotations.at(-1)?.value],
      ),
    ),
  );
}

async function textId(page: Page): Promise<string> {
  return (await page.locator("[data-text-id]").getAttribute("data-text-id")) ?? "";
}

async function active(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true, pressed: true }).waitFor();
}

async function passedOn(page: Page, from: string): Promise<void> {
  await page.waitForFunction(
    (old) => document.querySelector<HTMLElement>("[data-text-id]")?.dataset.textId !== old,
    from,
  );
}

async function saved(page: Page): Promise<void> {
  await page.waitForFunction(
    () => !Object.keys(localStorage).some((key) => key.startsWith("kodkod.outbox/")),
  );
}

function expectQuiet({ errors, foreign }: Watched): void {
  expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
}

it("codes a text in three schemes, and takes all of it back together", async () => {
  const { slug, context, ...watched } = await withThree();
  const { page } = watched;
  const first = await textId(page);
  await active(page, "stance");
  await page.keyboard.press("2");
  await active(page, "topic");
  await page.keyboard.press("1");
  await page.keyboard.press("2");
  await page.keyboard.press("Enter");
  await active(page, "names");
  await page.keyboard.press("0");
  await passedOn(page, first);
  await saved(page);
  expect(await said(slug)).toEqual([
    [[first, "disagree"]],
    [[first, ["transport", "money"]]],
    [[first, []]],
  ]);
  await page.keyboard.press("u");
  await page.locator(`[data-text-id="${first}"]`).waitFor();
  await saved(page);
  await expect.poll(() => said(slug)).toEqual([[], [], []]);
  await page.keyboard.press("r");
  await passedOn(page, first);
  await saved(page);
  await expect
    .poll(() => said(slug))
    .toEqual([[[first, "disagree"]], [[first, ["transport", "money"]]], [[first, []]]]);
  expectQuiet(watched);
  await context.close();
});

it("passes schemes by Enter, and goes between them by brackets", async () => {
  const { slug, context, ...watched } = await withThree();
  const { page } = watched;
  const first = await textId(page);
  await page.keyboard.press("]");
  await active(page, "topic");
  await page.keyboard.press("[");
  await active(page, "stance");
  await page.keyboard.press("[");
  await active(page, "names");
  await page.keyboard.press("m");
  await page.keyboard.press("1");
  await page.locator("mark").waitFor();
  await page.keyboard.press("Enter");
  await active(page, "stance");
  await page.keyboard.press("Enter");
  await active(page, "topic");
  await page.keyboard.press("Enter");
  await passedOn(page, first);
  await saved(page);
  const [stance, topic, names] = await said(slug);
  expect([stance, topic]).toEqual([[], []]);
  expect(names).toEqual([[first, [{ start: 0, end: 4, label: "person" }]]]);
  expectQuiet(watched);
  await context.close();
});

it("remembers the schemes, names them in the address, and keeps what cannot be sent", async () => {
  const { slug, context, ...watched } = await withThree();
  const { page } = watched;
  expect(new URL(page.url()).searchParams.get("with")).toBe('["topic","names"]');
  const first = await textId(page);
  await page.route(/\/annotations$/, (route) => route.abort("connectionrefused"));
  await page.keyboard.press("1");
  await page.keyboard.press("0");
  await page.keyboard.press("0");
  await passedOn(page, first);
  await page.getByRole("alert").first().waitFor();
  page.on("dialog", (dialog) => void dialog.accept());
  await page.unroute(/\/annotations$/);
  await page.reload();
  await saved(page);
  expect(await said(slug)).toEqual([[[first, "agree"]], [[first, []]], [[first, []]]]);
  await page.goto(`${here.baseUrl}/projects/${slug}/annotate/stance`);
  await page.getByRole("region", { name: "topic" }).waitFor();
  expect(watched.foreign).toEqual([]);
  await context.close();
});

it.each(["light", "dark"] as const)("has no serious finding of axe in %s mode", async (mode) => {
  const { page, context } = await withThree(mode);
  await page.keyboard.press("1");
  await active(page, "topic");
  expect(await seriousFindings(page)).toEqual([]);
  await context.close();
});
