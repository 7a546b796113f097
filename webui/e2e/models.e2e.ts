import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const LABELS = ["rain", "snow", "hail"] as const;
const WORDS = {
  rain: ["wet", "umbrella", "puddle", "drizzle"],
  snow: ["white", "sledge", "drift", "flakes"],
  hail: ["stones", "dents", "roof", "noise"],
} as const;
const TEXTS = 210;
const PATIENT = { timeout: 240_000 };

/** The name of a small checkpoint that the server has at hand, where somebody gave it one. */
const CHECKPOINT = process.env.CHECKPOINT ?? "";

let browser: Browser;
let server: Server;
let slug: string;

/** What fell, and words of which one in four is of something else. */
function line(at: number): string {
  const fell = LABELS[at % 3] ?? "rain";
  const other = LABELS[Math.floor(at / 3) % 3] ?? "rain";
  const words = [WORDS[fell][at % 4], WORDS[fell][(at + 1) % 4], WORDS[other][(at + 2) % 4]];
  const mixed = at % 4 === 0 ? [WORDS[other][at % 4], WORDS[other][(at + 1) % 4]] : words;
  return `${mixed.join(" ")} on day ${at},${fell}`;
}

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  slug = await server.createTable(
    "Weather models",
    ["text,fell", ...Array.from({ length: TEXTS }, (_, at) => line(at))],
    { label_columns: ["fell"], split: { test: 70, valid: 0, seed: 1 } },
  );
  await server.createSchemeFrom(slug, "fell", LABELS, "fell");
});
afterAll(() => browser?.close());

async function open(path: string, options: object = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(60_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}${path}`);
  await signIn(watched.page, here);
  return { context, ...watched };
}

async function wider(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

async function train(page: Page, name: string, kind: string | null): Promise<void> {
  await page.keyboard.press("m");
  const form = page.getByRole("form", { name: "Train a model" });
  if (kind !== null) {
    await form.getByRole("combobox", { name: "Kind" }).click();
    await page.getByRole("option", { name: kind, exact: true }).click();
  }
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByText(/^(No like job has run|Likely )/).waitFor();
  await form.getByRole("button", { name: "Train it" }).press("Enter");
  await page.getByRole("link", { name, exact: true }).waitFor();
  await page.getByRole("button", { name: `Predict with ${name}` }).click();
  await page.getByRole("button", { name: `Predict ${TEXTS} texts` }).click();
  await page.getByRole("checkbox", { name: `Compare ${name}` }).waitFor();
}

it("makes a feature and models, reads how good they are, and compares them", PATIENT, async () => {
  const { context, page, errors, foreign } = await open(`/projects/${slug}`);
  const findings: Record<string, string[]> = {};
  await page.getByRole("link", { name: "Models", exact: true }).click();
  await page.getByText(/^A feature turns each text into numbers/).waitFor();
  await page.keyboard.press("f");
  await page.getByRole("form", { name: "Compute a feature" }).waitFor();
  await page.getByText(/^(No like job has run|Likely )/).waitFor();
  findings.form = await seriousFindings(page, "model-form");
  await page.getByRole("button", { name: "Compute it" }).press("Enter");
  await page.getByRole("heading", { name: "tfidf-svd", exact: true }).waitFor();
  await train(page, "straight", null);
  await train(page, "near", "Nearest neighbours");
  findings.list = await seriousFindings(page);

  // Only one kind, and the address keeps it.
  await page.getByRole("button", { name: /^Predictions \d/ }).press("Enter");
  await page.getByText("predictions of near").waitFor();
  expect(await page.getByRole("heading", { name: "tfidf-svd", exact: true }).count()).toBe(0);
  await page.reload();
  await page.getByText("predictions of near").waitFor();
  await page.getByRole("button", { name: /^All \d/ }).press("Enter");

  await page.getByRole("checkbox", { name: "Compare straight" }).press("Space");
  await page.getByRole("checkbox", { name: "Compare near" }).press("Space");
  await page.getByRole("button", { name: "Compare 2 models" }).press("Enter");
  const compared = page.getByRole("region", { name: "Compared" });
  await compared.getByText(/leads by Macro F1\. A paired test says/).waitFor();
  await compared.getByRole("button", { name: "Test the difference" }).press("Enter");
  await compared
    .getByText(/^(The data cannot tell|On texts like these|Nothing tells)/)
    .first()
    .waitFor();
  await compared.getByText(/on 70 texts: .* McNemar's p/).waitFor();
  await compared.getByRole("rowheader", { name: "Energy of the training" }).waitFor();
  findings.compared = await seriousFindings(page, "models-compared");
  await compared.getByRole("button", { name: "Close the comparison" }).press("Enter");
  await compared.waitFor({ state: "detached" });

  await page.getByRole("link", { name: "straight", exact: true }).click();
  await page
    .getByText(/^On 70 held-out texts, macro F1 is 0\.\d\d, between .* by chance alone 0\.33\.$/)
    .waitFor();
  await page.getByRole("list", { name: "By label" }).getByText("hail").waitFor();
  const cell = page.getByRole("button", { name: / taken for / }).first();
  const name = (await cell.getAttribute("aria-label")) ?? "";
  const [, said = "", called = "", n = ""] = /^(.*) taken for (.*): (\d+)$/.exec(name) ?? [];
  await cell.press("Enter");
  const wrong = page.getByRole("region", { name: "Texts that it has wrong" });
  await wrong
    .getByText(new RegExp(`^${n} texts?: people say ${said}, the model ${called}\\.$`))
    .waitFor();
  expect(await wrong.getByRole("listitem").count()).toBe(Number(n));
  expect(await wrong.getByText(`People: ${said}. The model: ${called},`).count()).toBe(Number(n));
  findings.model = await seriousFindings(page, "model");
  await page.reload();
  await wrong.getByText(new RegExp(`people say ${said}, the model ${called}`)).waitFor();

  await page.getByRole("button", { name: "Draw the learning curve" }).press("Enter");
  await page.getByRole("figure", { name: "Macro F1 by the number of labelled texts" }).waitFor();
  await page.getByRole("heading", { name: "Calibration" }).waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the model" }).press("Enter");
  expect((await download).suggestedFilename()).toBe("straight-kodkod.zip");
  await wrong.getByRole("link", { name: `All texts coded ${said} in Explore` }).click();
  await page.getByText(/^\d+ texts of 210$/).waitFor();

  expect(findings).toEqual({ form: [], list: [], compared: [], model: [] });
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it.runIf(CHECKPOINT !== "")("draws a training while it goes on", PATIENT, async () => {
  const { context, page, errors, foreign } = await open(`/projects/${slug}/models`);
  await page.getByRole("button", { name: "Train a model" }).click();
  const form = page.getByRole("form", { name: "Train a model" });
  await page.getByText("Medium", { exact: true }).click();
  await form.getByRole("combobox", { name: "Kind" }).click();
  await page.getByRole("option", { name: "Fine-tuned encoder", exact: true }).click();
  await form.getByLabel("Model", { exact: true }).fill(CHECKPOINT);
  await form.getByLabel("Epochs", { exact: true }).fill("40");
  await form.getByLabel("Name", { exact: true }).fill("tuned");
  await form.getByText(/^(No like job has run|Likely )/).waitFor();
  await form.getByRole("button", { name: "Train it" }).press("Enter");

  // The losses so far, and more of them while one looks.
  const live = page.getByRole("region", { name: "Under way" });
  await live.getByRole("img", { name: "Loss by step" }).waitFor();
  // Below each curve is a table, with a row for each step that was reported.
  const rows = live.locator("tbody tr");
  const before = await rows.count();
  expect(before).toBeGreaterThan(0);
  await expect.poll(() => rows.count(), { timeout: 60_000 }).toBeGreaterThan(before);
  const findings = await seriousFindings(page, "training");

  await page.getByRole("link", { name: "tuned", exact: true }).click();
  await page.getByRole("img", { name: "Loss by step" }).waitFor();
  await page.getByRole("img", { name: "Score by epoch" }).waitFor();
  expect(findings).toEqual([]);
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it(
  "is read in the dark and on a phone, and says what goes before it is deleted",
  PATIENT,
  async () => {
    const { context, page, errors } = await open(`/projects/${slug}/models/near`, {
      colorScheme: "dark",
      viewport: { width: 390, height: 844 },
    });
    await page.getByText(/^On 70 held-out texts, macro F1 is/).waitFor();
    await page.getByRole("region", { name: "Wrong predictions" }).waitFor();
    expect(await wider(page)).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole("link", { name: "Models", exact: true }).first().click();
    await page.getByRole("button", { name: "Delete tfidf-svd…" }).press("Enter");
    await page
      .getByText(/What was learnt from it stays, and can predict no more: (straight|near) and/)
      .waitFor();
    expect(await wider(page)).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Keep it" }).press("Enter");
    await page.getByRole("button", { name: "Delete near…" }).press("Enter");
    await page.getByText(/^What it has predicted goes with it/).waitFor();
    await page.getByRole("button", { name: "Delete near", exact: true }).press("Enter");
    await page.getByRole("link", { name: "near", exact: true }).waitFor({ state: "detached" });
    expect(errors).toEqual([]);
    await context.close();
  },
);
