import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const LABELS = ["energy", "الاقتصاد"] as const;
const N = 200;
const N_TEST = 120;
const PATIENT = { timeout: 180_000 };
const POLL = { timeout: 60_000, interval: 200 };

let browser: Browser;
let server: Server;
let slug: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  const config = {
    context_columns: ["year", "outlet"],
    split: { test: N_TEST, seed: 1 },
  };
  slug = await server.createTable("Press", ["text,year,outlet", ...lines()], config);
  await server.createScheme(slug, "topic", LABELS);
  await server.createScheme(slug, "empty", LABELS);
  await code("split=train");
  await over((await server.computeFeature(slug, "lsa", { dim: 8 }, "tfidf-svd")).id);
  await over((await server.trainModel(slug, "quick", "topic", "lsa")).id);
  await over((await server.predict(slug, "quick")).id);
}, 180_000);
afterAll(() => browser?.close());

/** One in ten texts is about something else than its words say: no machine is always right. */
function lines(): string[] {
  return Array.from({ length: N }, (_, at) => {
    const words = at % 2 === 0 ? "coal solar grid" : "bank trade prices";
    const odd = at % 10 === 3 ? "odd " : "";
    return `${odd}${words} of day ${at} <b>,${2001 + (at % 4)},${at % 3 === 0 ? "The Herald" : "صحيفة"}`;
  });
}

/** Say what is true of some texts. */
async function code(query: string): Promise<void> {
  const texts = await server.elements(slug, "topic", `${query}&limit=500`);
  const said = texts.map(({ id, text }) => ({ id, value: truth(text) }));
  await server.say(slug, "topic", said);
}

function truth(text: string): string {
  const energy = text.includes("coal") !== text.startsWith("odd");
  return energy ? LABELS[0] : LABELS[1];
}

async function over(job: string): Promise<void> {
  await vi.waitUntil(
    async () => !["queued", "running"].includes((await server.job(job)).state),
    POLL,
  );
  const { state, error } = await server.job(job);
  if (state !== "done") throw new Error(error ?? state);
}

async function open(path: string, colorScheme: "light" | "dark" = "light") {
  const context = await browser.newContext({ colorScheme, acceptDownloads: true });
  context.setDefaultTimeout(40_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}${path}`);
  await signIn(watched.page, here);
  return { context, ...watched };
}

async function choose(page: Page, name: string, option: string | RegExp): Promise<void> {
  await page.getByRole("combobox", { name, exact: true }).click();
  await page.getByRole("option", { name: option }).click();
}

/** What a button saves, and under which name. */
async function saved(page: Page, button: string): Promise<{ name: string; content: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

it("plans, draws and codes a sample, and estimates from it", PATIENT, async () => {
  const { context, page, errors, foreign } = await open(`/projects/${slug}`);
  const findings: Record<string, string[]> = {};
  await page.getByRole("link", { name: "Results" }).click();
  const schemes = page.getByRole("navigation", { name: "Schemes" });
  await schemes.getByRole("link", { name: "topic" }).click();
  await page.getByRole("heading", { name: "Nothing was estimated yet" }).waitFor();
  findings.empty = await seriousFindings(page);

  // How many labels, then a sample of the texts that the model has not learnt from.
  await page.getByRole("link", { name: "Draw a sample of the texts, and code it" }).click();
  await page.getByText(/^\d+ labels by people are enough for plus or minus 3 points/).waitFor();
  await page.getByLabel("Plus or minus, in points").fill("10");
  await page.getByText(/^\d+ labels by people are enough for plus or minus 10 points/).waitFor();
  findings.plan = await seriousFindings(page);
  await page.getByRole("button", { name: "Draw a sample" }).click();
  const drawing = page.getByRole("form", { name: "Draw a sample" });
  await drawing.getByLabel("Name").fill("fair");
  await drawing.getByLabel("How many texts").fill("60");
  await choose(page, "Of which texts", "to test");
  findings.draw = await seriousFindings(page);
  await drawing.getByRole("button", { name: "Draw it" }).click();
  await page.getByText("0 of 60 coded").waitFor();
  findings.drawn = await seriousFindings(page);

  // It is coded as any texts are, in the order in which it was drawn.
  await page.getByRole("link", { name: "Code it: fair" }).click();
  await page.getByText("the sample fair").waitFor();
  await page.locator("[data-text-id]").waitFor();
  await page.keyboard.press("1");
  await page.getByText("saved").waitFor();
  await page.getByRole("button", { name: "Other texts" }).click();
  await page.getByLabel("Texts", { exact: true }).waitFor();
  await code("split=test");

  await page.goto(`${here.baseUrl}/projects/${slug}/results?scheme=topic`);
  await page.getByRole("heading", { name: "Nothing was estimated yet" }).waitFor();
  await page.keyboard.press("e");
  const asking = page.getByRole("form", { name: "Estimate something" });
  await asking.waitFor();
  findings.form = await seriousFindings(page);
  await asking.getByRole("button", { name: "Estimate it" }).press("Enter");
  await page.getByText(/is the most frequent label: of 120 texts \d+ % \(/).waitFor();
  await page.getByText(/from 60 texts coded by people and the predictions of quick/).waitFor();
  await page.getByText(/People alone would give \d+ % \(/).waitFor();
  await page.getByRole("img", { name: "Share of all labels" }).waitFor();
  findings.answer = await seriousFindings(page, "estimate");

  // All of it can be taken along.
  const csv = await saved(page, "Table as CSV");
  expect(csv.name).toMatch(/\.csv$/);
  expect(csv.content.toString()).toMatch(/^label,group,figure,value,low,high/);
  expect(csv.content.toString()).toContain(LABELS[1]);
  const svg = (await saved(page, "Plot as SVG")).content.toString();
  expect(svg).toMatch(/^<svg/);
  expect(svg.includes("var(--")).toBe(false);
  const png = await saved(page, "Plot as PNG");
  expect(png.content.subarray(1, 4).toString()).toBe("PNG");
  await page.getByText("For the methods section", { exact: true }).click();
  const methods = page.getByRole("textbox", { name: "For the methods section" });
  expect(await methods.inputValue()).toContain("Human labels: 60, of the sample fair.");
  await page.getByText("All figures as a table").click();
  await page.getByRole("columnheader", { name: "Machine counted" }).waitFor();
  findings.table = await seriousFindings(page);

  // What it has shown plans the next sample.
  await page.getByRole("link", { name: /^How many labels would/ }).click();
  await page.getByText("Share and correlation are those of the estimate").waitFor();
  await page.getByText("all coded").waitFor();

  for (const [place, found] of Object.entries(findings))
    expect([place, found]).toEqual([place, []]);
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it("shows shares over time and coefficients, and why there is no figure", PATIENT, async () => {
  const { context, page, errors } = await open(`/projects/${slug}/results?scheme=topic`, "dark");
  const ask = page.getByRole("button", { name: "Estimate something" });
  const asking = page.getByRole("form", { name: "Estimate something" });
  const findings: Record<string, string[]> = {};
  await ask.click();
  await choose(page, "What", "share in each group, or over time");
  await choose(page, "By the column", "year");
  await asking.getByRole("button", { name: "Estimate it" }).click();
  await page.getByText(/where year is \d{4}/).waitFor();
  await page.getByRole("img", { name: "Shares over year" }).waitFor();
  findings.overTime = await seriousFindings(page);

  await ask.click();
  await choose(page, "What", "logistic regression");
  await page.getByRole("combobox", { name: "On the columns" }).click();
  await page.getByRole("option", { name: "outlet" }).click();
  await page.keyboard.press("Escape");
  await asking.getByRole("button", { name: "Estimate it" }).click();
  await page.getByText(/^Of 120 texts, (the log-odds|none of the covariates)/).waitFor();
  await page
    .getByRole("img", { name: /^Logistic regression/ })
    .first()
    .waitFor();
  findings.coefficients = await seriousFindings(page);

  // A sample of texts that the model has learnt from cannot correct it, and that is said.
  await page.getByRole("link", { name: "Samples", exact: true }).click();
  await page.getByRole("button", { name: "Draw a sample" }).click();
  const drawing = page.getByRole("form", { name: "Draw a sample" });
  await drawing.getByLabel("Name").fill("learnt");
  await drawing.getByLabel("How many texts").fill("20");
  await choose(page, "Of which texts", "to code");
  await drawing.getByRole("button", { name: "Draw it" }).click();
  const line = page.getByRole("listitem").filter({ hasText: "learnt" });
  await line.getByText("all coded").waitFor();
  await page.getByRole("link", { name: "Estimates", exact: true }).click();
  await ask.click();
  await choose(page, "From labels by people", /^learnt/);
  await asking.getByRole("button", { name: "Estimate it" }).click();
  await page
    .getByRole("alert")
    .getByText(/has learnt from 20 of the 20/)
    .waitFor();
  findings.failed = await seriousFindings(page);

  await page.getByRole("link", { name: "Samples and how far they are coded" }).click();
  await page.getByRole("button", { name: "Delete the sample learnt" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await line.waitFor({ state: "detached" });
  for (const [place, found] of Object.entries(findings))
    expect([place, found]).toEqual([place, []]);
  expect(errors).toEqual([]);
  await context.close();
});
