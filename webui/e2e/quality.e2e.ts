import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const LABELS = ["rain", "snow", "hail"] as const;
const PATIENT = { timeout: 120_000 };
const POLL = { timeout: 40_000, interval: 200 };
const password = "a password of some length";
const anna = { ...here, username: `anna-${Date.now()}`, password };
const bert = { ...here, username: `bert-${Date.now()}`, password };

let browser: Browser;
let server: Server;
let slug: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  const texts = Array.from({ length: 24 }, (_, at) => `On day ${at} there was ${LABELS[at % 3]}`);
  slug = await server.createProject("Weather diary", texts);
  await server.createScheme(slug, "sky", LABELS, "Code what fell.\nNothing else counts.");
  for (const { username } of [anna, bert]) {
    await server.createUser(username, password);
    await server.putMember(slug, username);
  }
  const annas = await Server.signIn(anna);
  await annas.annotate(slug, "sky", (text) => text.split(" ").at(-1) ?? "");
});
afterAll(() => browser?.close());

async function open(path: string, colorScheme: "light" | "dark" = "light", as = here) {
  const context = await browser.newContext({ colorScheme });
  context.setDefaultTimeout(40_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}${path}`);
  await signIn(watched.page, as);
  return { context, ...watched };
}

/** The text in front, once it is another than before. */
async function textAfter(page: Page, before: string): Promise<string> {
  const article = page.getByRole("article").filter({ hasNotText: before });
  await article.waitFor();
  return article.innerText();
}

it("keeps versions of a codebook and tells them apart", PATIENT, async () => {
  const { context, page, errors, foreign } = await open(`/projects/${slug}/schemes/sky`);
  const versions = page.getByRole("region", { name: "Versions" });
  await versions.getByText("One version so far.").waitFor();
  await versions.getByText("24 answers stand under it.").waitFor();

  const source = page.getByRole("textbox", { name: "Markdown" });
  await source.fill("Code what fell.\nSleet is snow.");
  await page.getByLabel("What changed, and why").fill("Where sleet belongs");
  await page.getByRole("radio", { name: "are outdated where they have certain labels" }).check();
  await page.getByLabel("Labels that mean something else now").first().click();
  await page.getByRole("option", { name: "snow" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Save the codebook" }).click();

  await versions.getByText("Where sleet belongs").waitFor();
  await versions.getByText("8 answers from before it are outdated.").waitFor();
  await versions.getByRole("button", { name: "Show version 2" }).click();
  await versions.getByText("Since version 1: 1 line added and 1 line removed.").waitFor();
  expect(await versions.locator("ins").allInnerTexts()).toEqual(["Sleet is snow."]);
  expect(await versions.locator("del").allInnerTexts()).toEqual(["Nothing else counts."]);
  expect(await seriousFindings(page, "quality")).toEqual([]);

  await versions.getByRole("button", { name: "Say what it changed" }).click();
  const saying = page.getByRole("form", { name: "What version 2 changed" });
  await saying.getByLabel("What changed, and why").fill("Sleet counts as snow");
  await saying.getByRole("button", { name: "Save" }).click();
  await versions.getByText("Sleet counts as snow").waitFor();

  await versions.getByRole("button", { name: "Show version 1" }).click();
  const first = versions.getByRole("listitem").last();
  await first.getByRole("button", { name: "Take this text into the editor" }).click();
  expect(await source.inputValue()).toBe("Code what fell.\nNothing else counts.");
  await page.getByRole("button", { name: "Discard the draft" }).click();
  expect(await source.inputValue()).toBe("Code what fell.\nSleet is snow.");
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it("brings outdated answers back to whoever gave them", PATIENT, async () => {
  const path = `/projects/${slug}/annotate/sky`;
  const { context, page, errors } = await open(path, "dark", anna);
  await page.getByLabel("Texts").selectOption({ label: "my outdated answers" });
  const mark = page.getByRole("region", { name: "Outdated answer" });
  await mark.getByText("Version 2: Sleet counts as snow").waitFor();
  expect(await page.getByRole("article").innerText()).toMatch(/snow$/);
  expect(await seriousFindings(page)).toEqual([]);
  for (let answered = 0; answered < 8; answered += 1) {
    const text = await page.getByRole("article").innerText();
    await page.keyboard.press("2");
    if (answered < 7) await textAfter(page, text);
  }
  await page.getByRole("heading", { name: "None of your answers is outdated" }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

it("checks people by texts whose answer is known", PATIENT, async () => {
  const { context, page, errors, foreign } = await open(`/projects/${slug}`);
  await page.getByRole("link", { name: "Quality" }).click();
  const gold = page.getByRole("region", { name: "Gold texts" });
  await gold.getByText("There are none yet.").waitFor();
  await page.getByRole("button", { name: "Add a gold text" }).click();
  await page.getByRole("textbox", { name: "Which text" }).fill("day 3 there");
  await page.getByRole("button", { name: /On day 3 there was rain/ }).click();
  const form = page.getByRole("form", { name: /^What is right for/ });
  await form.getByLabel("Right label").first().click();
  await page.getByRole("option", { name: "rain" }).click();
  await form.getByLabel("Why").fill("Rain it was.");
  await form.getByRole("button", { name: "Save the gold text" }).click();
  const line = gold.getByRole("listitem").filter({ hasText: "day 3 there" });
  await line.getByText("right: rain").waitFor();
  await line.getByText("1 of 1 right").waitFor();

  await line.getByRole("button", { name: /^Remove the gold text/ }).click();
  await page.getByText("is gold no longer").waitFor();
  await gold.getByText("There are none yet.").waitFor();
  await page.keyboard.press("Enter");
  await line.getByText("Rain it was.").waitFor();

  await page.getByRole("switch", { name: "Slip gold texts in" }).click();
  await page.getByLabel("One among so many texts, on average").fill("2");
  await page.getByLabel("Tell people at once whether they were right").check();
  await page.getByRole("button", { name: "Save the checks" }).click();
  await vi.waitUntil(async () => (await server.scheme("sky", slug)).checks?.every === 2, POLL);
  expect((await server.scheme("sky", slug)).checks).toEqual({ every: 2, feedback: true });
  expect(await seriousFindings(page)).toEqual([]);
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it("tells people how they did on a gold text, and lets them go back", PATIENT, async () => {
  await server.addGold(slug, "sky", "rain", "rain");
  const { context, page, errors } = await open(`/projects/${slug}/annotate/sky`, "light", bert);
  await page.getByLabel("Texts").selectOption({ label: "not coded by me" });
  const wrong = page.getByText("That was not right.");
  let text = await page.getByRole("article").innerText();
  while (!text.endsWith("rain")) {
    await page.keyboard.press("3");
    text = await textAfter(page, text);
  }
  await page.keyboard.press("3");
  const next = await textAfter(page, text);
  await wrong.waitFor();
  await page.getByText("Right is “rain”.").waitFor();
  expect(await seriousFindings(page)).toEqual([]);

  await page.keyboard.press("u");
  expect(await textAfter(page, next)).toBe(text);
  await wrong.waitFor({ state: "detached" });
  await page.keyboard.press("r");
  expect(await textAfter(page, text)).toBe(next);

  await page.keyboard.press("h");
  const answers = page.getByRole("list", { name: "My answers" });
  await answers.getByRole("button", { name: text }).click();
  expect(await textAfter(page, next)).toBe(text);
  await page.keyboard.press("1");
  await page.getByText("That was right.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("That was right.").waitFor({ state: "detached" });
  expect(errors).toEqual([]);
  await context.close();
});

it("says how each person codes, to managers only", PATIENT, async () => {
  const { context, page, errors } = await open(`/projects/${slug}/quality?scheme=sky`, "dark");
  const card = page.getByRole("article", { name: anna.username });
  await card.getByText(`${anna.username}: 24 texts, right on 8 of 8 known ones`).waitFor();
  await card.getByRole("list", { name: `How often ${anna.username} is right` }).waitFor();
  await page.getByRole("article", { name: bert.username }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
  const other = await open(`/projects/${slug}/quality`, "light", bert);
  await other.page.getByText("Ask one of them.").waitFor();
  expect(other.errors).toEqual([]);
  await other.context.close();
});
