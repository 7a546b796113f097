import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser, type Watched } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const LABELS = ["rain", "snow", "sun"] as const;
const PATIENT = { timeout: 120_000 };
const POLL = { timeout: 40_000, interval: 200 };
const TEXTS = 240;

let browser: Browser;
let server: Server;
/** A project of texts that tell their label, with a guide and a map. */
let slug: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  const lines = Array.from({ length: TEXTS }, (_, at) => {
    const own = ["hill", "lake", "road", "town"][at % 4];
    return `w${at},In the ${own} number ${at} there was much ${LABELS[at % 3]},${1900 + at}`;
  });
  slug = await server.createTable("Weather strip", ["id,text,year", ...lines], {
    id_column: "id",
    context_columns: ["year"],
  });
  const feature = await server.computeFeature(slug, "words", { dim: 20 }, "tfidf-svd");
  await server.createScheme(slug, "sky", LABELS);
  await vi.waitUntil(async () => (await server.job(feature.id)).state === "done", POLL);
  const map = await server.makeMap(slug, "near", "words");
  await vi.waitUntil(async () => (await server.job(map.id)).state === "done", POLL);
}, 120_000);
afterAll(() => browser?.close());

async function open(query = "", options: object = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(40_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}/projects/${slug}/annotate/sky${query}`);
  await signIn(watched.page, here);
  await watched.page.getByLabel("Texts", { exact: true }).waitFor();
  return { context, ...watched };
}

function textOf(page: Page) {
  return page.locator("[data-text-id]");
}

/** Wait until the text in front is one with these words. */
async function inFront(page: Page, words: string): Promise<void> {
  await textOf(page).filter({ hasText: words }).waitFor();
}

function chip(page: Page, words: string) {
  return page.getByRole("list", { name: "Conditions" }).getByText(words, { exact: true });
}

function expectQuiet({ errors, foreign }: Omit<Watched, "page">): void {
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
}

it("filters texts by keyboard, and sends the view to a colleague", PATIENT, async () => {
  const { context, page, ...watched } = await open();
  await textOf(page).waitFor();
  const form = page.getByRole("form", { name: "Add a condition" });
  // From the key to the answer without a mouse: what, how, which words.
  await page.keyboard.press("s");
  await form.waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("much SNOW");
  await page.keyboard.press("Enter");
  await chip(page, "containing “much SNOW”").waitFor();
  await page.getByRole("status").getByText("80 texts", { exact: true }).waitFor();
  await inFront(page, "snow");

  await page.keyboard.press("s");
  await form.getByLabel("What").selectOption("year");
  await form.getByLabel("Condition").selectOption("at least");
  await form.getByRole("spinbutton", { name: "Value" }).fill("2050");
  expect(await seriousFindings(page, "select-filter")).toEqual([]);
  await page.keyboard.press("Enter");
  await chip(page, "year at least 2050").waitFor();
  await page.getByRole("status").getByText("30 texts", { exact: true }).waitFor();
  await inFront(page, "snow");
  // The keys are for coding again.
  const coded = await textOf(page).getAttribute("data-text-id");
  await page.keyboard.press("2");
  await vi.waitUntil(
    async () =>
      (await server.elements(slug, "sky", "sample=tagged")).some(({ id }) => id === coded),
    POLL,
  );

  const address = new URL(page.url()).search;
  const other = await open(address, { colorScheme: "dark" });
  await chip(other.page, "year at least 2050").waitFor();
  await chip(other.page, "containing “much SNOW”").waitFor();
  await inFront(other.page, "snow");
  expect(await seriousFindings(other.page)).toEqual([]);
  await other.page.getByRole("button", { name: "Remove: containing “much SNOW”" }).press("Enter");
  await chip(other.page, "containing “much SNOW”").waitFor({ state: "detached" });
  await other.page.getByRole("button", { name: "Remove: year at least 2050" }).press("Enter");
  await other.page.getByRole("list", { name: "Conditions" }).waitFor({ state: "detached" });
  await vi.waitUntil(() => new URL(other.page.url()).search === "", POLL);
  expectQuiet(other);
  await other.context.close();
  expectQuiet(watched);
  await context.close();
});

it(
  "says at its place what is wrong with a filter, and keeps the text in hand",
  PATIENT,
  async () => {
    const { context, page, ...watched } = await open("", { viewport: { width: 390, height: 844 } });
    await textOf(page).waitFor();
    const inHand = await textOf(page).getAttribute("data-text-id");
    await page.keyboard.press("s");
    const form = page.getByRole("form", { name: "Add a condition" });
    await form.getByLabel("Condition").selectOption("matches the pattern");
    await form.getByRole("textbox", { name: "Value" }).fill("much (snow");
    await page.keyboard.press("Enter");
    await form.getByRole("alert").getByText("unclosed group").waitFor();
    await form.getByRole("textbox", { name: "Value" }).fill("no such words");
    await page.keyboard.press("Enter");
    await form.getByRole("alert").getByText("No text passes this.").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await textOf(page).getAttribute("data-text-id")).toBe(inHand);
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });
    expect(await textOf(page).getAttribute("data-text-id")).toBe(inHand);
    expect(new URL(page.url()).search).toBe("");
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wider).toBe(0);

    // An address may be wrong as well: it is said, and there is a way out.
    await page.goto(`${here.baseUrl}/projects/${slug}/annotate/sky?regex=(`);
    await page.getByRole("alert").getByText("unclosed group").waitFor();
    await page.getByText("cannot be used", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await textOf(page).waitFor();
    expectQuiet(watched);
    await context.close();
  },
);

it("shows a region of a map as a part of the filter", PATIENT, async () => {
  const everywhere = { projection: "near", box: [-1e6, -1e6, 1e6, 1e6] };
  const search = new URLSearchParams({ region: JSON.stringify(everywhere) });
  const { context, page, ...watched } = await open(`?${search}`);
  await chip(page, "in a region of the map near").waitFor();
  await textOf(page).waitFor();
  await page.getByRole("button", { name: "Remove the region" }).click();
  await chip(page, "in a region of the map near").waitFor({ state: "detached" });
  expect(new URL(page.url()).search).toBe("");
  await textOf(page).waitFor();
  expectQuiet(watched);
  await context.close();
});

it("sets the order in full, and looks for what was said and is predicted", PATIENT, async () => {
  await server.setGuide(slug, "sky", ["words"]);
  await server.annotate(
    slug,
    "sky",
    (text) => LABELS.find((label) => text.endsWith(label)) ?? "",
    40,
  );
  await vi.waitUntil(async () => (await server.scheme("sky", slug)).guide?.state === "fresh", POLL);
  const { context, page, ...watched } = await open();
  await textOf(page).waitFor();
  await page.getByRole("link", { name: /^guide: / }).waitFor();
  const advice = page.getByRole("link", { name: /^stopping: / });
  expect(await advice.getAttribute("href")).toContain(`/projects/${slug}/learning/sky/stopping`);

  await page.keyboard.press("o");
  const form = page.getByRole("form", { name: "Set the order" });
  await form.getByText("Medium", { exact: true }).click();
  await form.getByRole("combobox", { name: "Strategy" }).click();
  await page.getByRole("option", { name: /Most likely a label/ }).click();
  await form.getByText("Fill this in.").waitFor();
  await form.getByRole("combobox", { name: "Label" }).click();
  await page.getByRole("option", { name: "sun" }).click();
  expect(await seriousFindings(page, "select-order")).toEqual([]);
  await form.getByRole("button", { name: "Use this order" }).click();
  await page.getByText(/^picked by “Most likely a label”/).waitFor();
  expect(await page.getByLabel("Label", { exact: true }).inputValue()).toBe("sun");
  await inFront(page, "sun");
  await page.keyboard.press("o");
  await form.getByRole("button", { name: "As the guide says" }).click();
  await vi.waitUntil(() => new URL(page.url()).search === "", POLL);

  const filter = page.getByRole("form", { name: "Add a condition" });
  await page.keyboard.press("s");
  await filter.getByLabel("What").selectOption("Coded by");
  await filter.getByLabel("Value").selectOption(here.username);
  await page.keyboard.press("Enter");
  await filter.getByRole("button", { name: "Add" }).click();
  await chip(page, `coded by ${here.username}`).waitFor();
  expect(await page.getByLabel("Texts", { exact: true }).inputValue()).toBe("tagged");
  await page.keyboard.press("s");
  await filter.getByLabel("What").selectOption("The guide predicts");
  await filter.getByLabel("Value").selectOption("snow");
  await filter.getByRole("button", { name: "Add" }).click();
  await chip(page, "the guide predicts snow").waitFor();
  await inFront(page, "snow");
  expectQuiet(watched);
  await context.close();
});
