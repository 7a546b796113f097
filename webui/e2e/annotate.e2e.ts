import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser, type Watched } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const LABELS = ["agree", "neutral", "disagree"];

let browser: Browser;
let server: Server;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
});
afterAll(() => browser?.close());

/** Open the project as a person would, through the door, and make a scheme in it. */
async function withScheme(kind: "One label a text" | "Any number of labels a text") {
  const context = await browser.newContext();
  const watched = await openPage(context, here);
  const { page } = watched;
  const name = `e2e-${Math.random().toString(36).slice(2, 10)}`;
  await page.goto(`${here.baseUrl}/projects/${here.project}`);
  await signIn(page, here);
  const heading = page.getByRole("heading", { name: "What do you want to know of each text?" });
  const another = page.getByRole("button", { name: "New scheme" });
  await heading.or(another).waitFor();
  if (await another.isVisible()) await another.click();
  await page.getByLabel("Name of the scheme").fill(name);
  await page.getByRole("combobox", { name: "Kind" }).click();
  await page.getByRole("option", { name: kind }).click();
  const labels = page.getByRole("textbox", { name: "Labels" }).or(page.getByLabel("Labels"));
  for (const label of LABELS) {
    await labels.first().fill(label);
    await page.keyboard.press("Enter");
  }
  await page.getByRole("button", { name: "Make the scheme" }).click();
  await page.getByRole("heading", { name, exact: true }).waitFor();
  await page.goto(`${here.baseUrl}/projects/${here.project}/annotate/${name}`);
  await textId(page);
  return { ...watched, context, name };
}

async function textId(page: Page): Promise<string> {
  const id = await page.locator("[data-text-id]").getAttribute("data-text-id");
  if (id === null) throw new Error("the page shows no text");
  return id;
}

/** Press a key that ends with a text, and return the id of that text. */
async function pressed(page: Page, key: string): Promise<string> {
  const id = await textId(page);
  await page.keyboard.press(key);
  await page.waitForFunction(
    (old) => document.querySelector<HTMLElement>("[data-text-id]")?.dataset.textId !== old,
    id,
  );
  return id;
}

async function saved(page: Page): Promise<void> {
  await page
    .getByRole("status")
    .filter({ hasText: /^saved$/ })
    .waitFor();
  await page.waitForFunction(
    () => !Object.keys(localStorage).some((key) => key.startsWith("kodkod.outbox/")),
  );
}

function expectQuiet({ errors, foreign }: Watched): void {
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
}

it("codes ten texts by keyboard, takes one back, and the server has the rest", async () => {
  const { page, name, context, ...watched } = await withScheme("One label a text");
  const given: [string, string][] = [];
  for (let count = 0; count < 10; count += 1) {
    const id = await pressed(page, String((count % 3) + 1));
    given.push([id, LABELS[count % 3] ?? ""]);
  }
  await saved(page);
  const [last] = given.at(-1) ?? [];
  await page.keyboard.press("u");
  await page.locator(`[data-text-id="${last}"]`).waitFor();
  await saved(page);

  const log = await server.log(name);
  const coded = log.filter(({ undoes }) => undoes === null);
  expect(coded.map(({ id, value }) => [id, value])).toEqual(given);
  expect(coded.every(({ user, source }) => user === here.username && source === "human")).toBe(
    true,
  );
  expect(coded.every(({ seconds, strategy }) => seconds !== null && strategy !== null)).toBe(true);
  const undone = log.filter(({ undoes }) => undoes !== null);
  expect(undone.map(({ id, value }) => [id, value])).toEqual([[last, null]]);
  const { annotated } = await server.scheme(name);
  expect(annotated.train).toBe(9);
  expectQuiet({ page, ...watched });
  await context.close();
});

/** Bytes of all bodies, packed, until the first text is there; French has the words of all pages. */
const FIRST_LOAD = { en: 250_000, fr: 350_000 };

it("has loaded little when the first text is there", async () => {
  const { context: first, name } = await withScheme("One label a text");
  await first.close();
  for (const [language, most] of Object.entries(FIRST_LOAD)) {
    const context = await browser.newContext();
    await context.addInitScript((code) => localStorage.setItem("kodkod.language", code), language);
    const { page } = await openPage(context, here);
    const wire = await context.newCDPSession(page);
    await wire.send("Network.enable");
    let bytes = 0;
    wire.on("Network.dataReceived", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(`${here.baseUrl}/projects/${here.project}/annotate/${name}`);
    await page.locator("input[autocomplete=username]").fill(here.username);
    await page.locator("input[type=password]").fill(here.password);
    await page.keyboard.press("Enter");
    await textId(page);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(most);
    await context.close();
  }
});

it("shows the next text at once, however slow the server is", async () => {
  const { page, context, name } = await withScheme("One label a text");
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/(annotations|next)$/, async (route) => {
    await held;
    await route.continue();
  });
  // Five texts and more are here already: none of these key presses may wait for an answer.
  for (let count = 0; count < 5; count += 1) await pressed(page, "1");
  expect(await server.log(name)).toEqual([]);
  release();
  await saved(page);
  expect(await server.log(name)).toHaveLength(5);
  await context.close();
});

it("keeps what cannot be sent, says so, and sends it after a reload", async () => {
  const { page, context, name, ...watched } = await withScheme("One label a text");
  await page.route(/\/annotations$/, (route) => route.abort("connectionrefused"));
  const first = await pressed(page, "1");
  const second = await pressed(page, "3");
  await page.getByRole("alert").filter({ hasText: "2 changes are kept in this browser" }).waitFor();
  page.on("dialog", (dialog) => void dialog.accept());
  await page.unroute(/\/annotations$/);
  await page.reload();
  await saved(page);
  const log = await server.log(name);
  expect(log.map(({ id, value }) => [id, value])).toEqual([
    [first, "agree"],
    [second, "disagree"],
  ]);
  expect([first, second]).not.toContain(await textId(page));
  expectQuiet({ page, ...watched });
  await context.close();
});

it("skips a text, and takes a comment along with the label", async () => {
  const { page, context, name } = await withScheme("One label a text");
  const skipped = await pressed(page, "Space");
  await page.keyboard.press("c");
  await page.keyboard.type("irony? 1 2 3 u");
  await page.keyboard.press("Enter");
  const coded = await pressed(page, "2");
  await saved(page);
  const log = await server.log(name);
  expect(log.map(({ id, value, comment }) => [id, value, comment])).toEqual([
    [coded, "neutral", "irony? 1 2 3 u"],
  ]);
  expect(coded).not.toBe(skipped);
  await context.close();
});

it("flags a text with a label, another without one, and finds both in Explore", async () => {
  const { page, context, name } = await withScheme("One label a text");
  await page.keyboard.press("f");
  await page.getByRole("button", { name: /Flagged: others/ }).waitFor();
  const coded = await pressed(page, "1");
  await page.keyboard.press("f");
  const passed = await pressed(page, "Space");
  // A flag that is taken away again leaves nothing behind.
  await page.keyboard.press("f");
  await page.keyboard.press("f");
  await pressed(page, "Space");
  await saved(page);
  const log = await server.log(name);
  expect(log.map(({ id, value, flagged }) => [id, value, flagged])).toEqual([
    [coded, "agree", true],
    [passed, null, true],
  ]);
  await page.goto(`${here.baseUrl}/projects/${here.project}/explore?scheme=${name}&sample=flagged`);
  await page.getByRole("img", { name: "flagged" }).nth(1).waitFor();
  await context.close();
});

it("collects several labels and saves them by Enter", async () => {
  const { page, context, name } = await withScheme("Any number of labels a text");
  await page.keyboard.press("1");
  await page.keyboard.press("2");
  await page.keyboard.press("3");
  await page.keyboard.press("2");
  const id = await pressed(page, "Enter");
  await saved(page);
  const log = await server.log(name);
  const given = log.map((entry) => [entry.id, new Set(entry.value as string[])]);
  expect(given).toEqual([[id, new Set(["agree", "disagree"])]]);
  await context.close();
});

it.each(["light", "dark"] as const)(
  "has no serious finding of axe in %s mode",
  async (colorScheme) => {
    const context = await browser.newContext({ colorScheme });
    const { page } = await openPage(context, here);
    const findings: Record<string, string[]> = {};
    await page.goto(`${here.baseUrl}/`);
    await page.getByLabel("Username").waitFor();
    findings.signIn = await seriousFindings(page);
    await signIn(page, here);
    const line = page.locator(`a[href="/projects/${here.project}"]`);
    await line.waitFor();
    findings.projects = await seriousFindings(page);
    await line.click();
    await page.getByRole("link", { name: "Annotate" }).first().click();
    await textId(page);
    findings.annotate = await seriousFindings(page, "annotate");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    findings.help = await seriousFindings(page);
    expect(findings).toEqual({ signIn: [], projects: [], annotate: [], help: [] });
    await context.close();
  },
);

it("highlights words of one's own, cuts off what goes astray, and says what is wrong", async () => {
  const { page, context, name, ...watched } = await withScheme("One label a text");
  await page.keyboard.press("w");
  const add = page.getByRole("button", { name: "Add words" });
  await add.click();
  const words = await page
    .locator("[data-text-id]")
    .evaluate((text) => text.textContent?.match(/\p{L}{3,}/u)?.[0] ?? "");
  await page.getByLabel("Words of line 1").fill(words);
  const drawn = (color: number) =>
    page.evaluate((key) => CSS.highlights.get(key)?.size ?? 0, `kodkod-words-${color}`);
  await expect.poll(() => drawn(1)).toBeGreaterThan(0);
  await add.click();
  await page.getByLabel("What is looked for, line 2").selectOption("expression");
  await page.getByLabel("Expression of line 2").fill("(a");
  await page.getByText("Not a regular expression").waitFor();
  await page.getByLabel("Expression of line 2").fill("^(([^\\u0000])+.?)+\\u0000$");
  await page.getByText("Takes too long on this text").waitFor();
  await page.getByLabel("Expression of line 2").press("Enter");
  // It goes on finding the words, and texts come as quickly as ever.
  await expect.poll(() => drawn(1)).toBeGreaterThan(0);
  await page.locator("main").click({ position: { x: 5, y: 5 } });
  await page.keyboard.press("w");
  await expect.poll(() => drawn(1)).toBe(0);
  await pressed(page, "1");
  await saved(page);
  expect(await server.log(name)).toHaveLength(1);
  expectQuiet({ page, ...watched });
  await context.close();
});

it("keeps a goal over a reload, and says gently when it is reached", async () => {
  const { page, context } = await withScheme("One label a text");
  await page.keyboard.press("g");
  await page.getByLabel("Goal for this session, in texts").fill("2");
  await page.keyboard.press("Enter");
  await page.getByText("0 of 2 for this session").waitFor();
  await pressed(page, "1");
  await page.getByText("1 of 2 for this session").waitFor();
  await saved(page);
  await page.reload();
  await page.getByText("1 of 2 for this session").waitFor();
  await pressed(page, "2");
  await page.getByText("Your goal of 2 texts is reached").waitFor();
  await context.close();
});

it("counts what one has coded oneself where the texts are those", async () => {
  const { page, context, name } = await withScheme("One label a text");
  await page.getByLabel("Texts", { exact: true }).selectOption("not coded by me");
  const line = page.getByText(/^\d+ of \d+ coded by me$/);
  await line.getByText(/^0 of/).or(line).first().waitFor();
  await pressed(page, "1");
  await page.getByText(/^1 of \d+ coded by me$/).waitFor();
  await saved(page);
  await page.reload();
  await page.getByText(/^1 of \d+ coded by me$/).waitFor();
  expect(await server.log(name)).toHaveLength(1);
  await context.close();
});

it("gives an action a key of one's own, refuses a taken one with the reason, and gives it back", async () => {
  const { page, context, name, ...watched } = await withScheme("One label a text");
  await page.keyboard.press("?");
  await page.getByRole("button", { name: /change the key for “Skip”/ }).click();
  await page.keyboard.press("u");
  await page.getByText("u is already for “Undo”.").waitFor();
  await page.keyboard.press("b");
  await page.getByRole("button", { name: "b: change the key for “Skip”" }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("button", { name: /^b Skip$/ }).waitFor();
  await textId(page);
  await pressed(page, "b");
  await page.keyboard.press("?");
  await page.getByRole("button", { name: "Give all keys back" }).click();
  await page.getByRole("button", { name: "space: change the key for “Skip”" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await pressed(page, "Space");
  expect(await server.log(name)).toEqual([]);
  expectQuiet({ page, ...watched });
  await context.close();
});
