import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const LABELS = ["rain", "snow", "sun"];
const TEXTS = 90;
const POLL = { timeout: 40_000, interval: 200 };

let browser: Browser;
let server: Server;
/** A project of texts that tell their label, with a feature and two schemes. */
let slug: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  slug = await server.createProject("Weather", texts());
  const job = await server.computeFeature(slug, "words", { dim: 20 }, "tfidf-svd");
  for (const name of ["sky", "coded"]) await server.createScheme(slug, name, LABELS);
  await server.annotate(slug, "coded", labelOf);
  await vi.waitUntil(async () => (await server.job(job.id)).state === "done", POLL);
});
afterAll(() => browser?.close());

/** Make texts that have words of their own, and the word of one label. */
function texts(): string[] {
  return Array.from({ length: TEXTS }, (_, at) => {
    const own = ["hill", "lake", "road", "town"][at % 4];
    return `In the ${own} number ${at} there was much ${LABELS[at % LABELS.length]}`;
  });
}

function labelOf(text: string): string {
  return LABELS.find((label) => text.endsWith(label)) ?? "";
}

async function signedIn(context: BrowserContext, path: string) {
  const watched = await openPage(context, here);
  context.setDefaultTimeout(40_000);
  await watched.page.goto(`${here.baseUrl}/projects/${slug}${path}`);
  await signIn(watched.page, here);
  await watched.page.getByRole("button", { name: /^Account: / }).waitFor();
  return watched;
}

/** Code the text in front as its last word says, by key. */
async function code(page: Page): Promise<void> {
  const text = page.locator("[data-text-id]");
  const id = await text.getAttribute("data-text-id");
  const key = 1 + LABELS.indexOf(labelOf(await text.innerText()));
  await page.keyboard.press(String(key));
  await page.waitForFunction(
    (old) => document.querySelector<HTMLElement>("[data-text-id]")?.dataset.textId !== old,
    id,
  );
}

const PATIENT = { timeout: 120_000 };

it("sets a guide, annotates with it, and sees what it believes", PATIENT, async () => {
  const context = await browser.newContext();
  const { page, errors, foreign } = await signedIn(context, "");
  const findings: Record<string, string[]> = {};
  await page.getByRole("link", { name: "Active learning" }).first().click();
  await page.getByRole("button", { name: "Set a guide" }).click();
  const form = page.getByRole("form", { name: "Set a guide" });
  // The mode is the account's, and other steps have used it.
  await form.getByText("Easy", { exact: true }).click();
  await form.getByText(/^Chosen for you: Logistic regression learns every 10/).waitFor();
  await form.getByText("Medium", { exact: true }).click();
  await form.getByLabel("Annotations between two refreshes").fill("5");
  findings.form = await seriousFindings(page);
  await form.getByRole("button", { name: "Set the guide" }).click();
  await page.getByRole("heading", { name: /^The guide waits for more labels/ }).waitFor();
  await page.getByRole("list", { name: "Missing texts by label" }).getByText("rain").waitFor();

  await page.getByRole("link", { name: "Annotate" }).click();
  await page
    .getByText(/^picked by “Typical texts \(TypiClust\)” while the guide starts$/)
    .waitFor();
  for (let count = 0; count < 12; count += 1) await code(page);
  await page.getByRole("link", { name: /^guide: / }).click();

  await page.getByRole("heading", { name: "What it believes now" }).waitFor();
  const shares = page.getByRole("list", { name: "Share of texts by label" });
  for (const label of LABELS) await shares.getByText(label, { exact: true }).waitFor();
  await page.getByText(/^version [1-9]/).waitFor();
  findings.guide = await seriousFindings(page, "guide-page");
  await page.getByRole("button", { name: "Refresh now" }).click();
  await page.getByText("Up to date").waitFor();

  await page.getByRole("link", { name: "Stopping" }).click();
  await page.getByText(/^Nothing stops by itself/).waitFor();
  await page
    .getByText(/^(Too early to say|Go on|Could stop)$/)
    .first()
    .waitFor();
  expect(await page.getByRole("article").count()).toBeGreaterThanOrEqual(5);
  findings.stopping = await seriousFindings(page, "stopping-page");
  expect(findings).toEqual({ form: [], guide: [], stopping: [] });
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it("compares strategies, shows what came out, and takes one for the guide", PATIENT, async () => {
  const context = await browser.newContext({ colorScheme: "dark" });
  const { page, errors } = await signedIn(context, "/learning/coded/simulations");
  const findings: Record<string, string[]> = {};
  await page.getByRole("button", { name: "Compare strategies" }).click();
  const form = page.getByRole("form", { name: "Compare strategies" });
  await form.getByText("Medium", { exact: true }).click();
  await form.getByText("At random, always").waitFor();
  for (const other of ["Most uncertain", "Uncertain and different"]) {
    await form.getByRole("button", { name: `Leave out ${other}` }).click();
  }
  await form.getByRole("combobox", { name: "Add one" }).click();
  await page.getByRole("option", { name: /^With random texts/ }).click();
  await form.getByRole("combobox", { name: "Changes the order of" }).waitFor();
  await form.getByLabel("Name").fill("Which one for the sky?");
  await form.getByLabel("Seeds").fill("2");
  await form.getByLabel("Steps").fill("3");
  await form.getByLabel("Target in percent").fill("60");
  findings.form = await seriousFindings(page);
  await form.getByRole("button", { name: "Start it" }).click();

  await page.getByRole("link", { name: "Which one for the sky?" }).click();
  await page.getByRole("heading", { name: "Learning curves" }).waitFor();
  const curves = page.getByRole("figure", { name: /^Learning curves/ });
  await curves.getByText("As a table").click();
  expect(await curves.getByRole("row").count()).toBe(5);
  const slider = curves.getByRole("slider");
  await slider.focus();
  await page.keyboard.press("ArrowLeft");
  expect(await slider.getAttribute("aria-valuetext")).toMatch(
    /^15 labelled texts: At random [\d.]+ %, Between two labels [\d.]+ %/,
  );
  const gains = page.getByRole("list", { name: "Gain over random" });
  expect(await gains.getByRole("listitem").count()).toBe(2);
  findings.report = await seriousFindings(page, "simulation-report");

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Curves as SVG" }).click();
  expect((await saved).suggestedFilename()).toMatch(/^weather[\w-]*-simulation-\w+\.svg$/);
  await page.getByRole("button", { name: /^Use it for the guide: With random texts/ }).click();
  await page.getByText("in use").waitFor();
  expect((await server.scheme("coded", slug)).guide).toMatchObject({
    strategy: "mixed",
    features: ["words"],
  });

  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.getByText("There is none yet.").waitFor();
  expect(findings).toEqual({ form: [], report: [] });
  expect(errors).toEqual([]);
  await context.close();
});
