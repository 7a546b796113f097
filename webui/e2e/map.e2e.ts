import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const LABELS = ["rain", "snow", "hail"] as const;
const PATIENT = { timeout: 180_000 };
const POLL = { timeout: 60_000, interval: 200 };
const TEXTS = 300;

let browser: Browser;
let server: Server;
let slug: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  const lines = Array.from({ length: TEXTS }, (_, at) => {
    const label = LABELS[at % 3];
    const id = `w${String(at).padStart(3, "0")}`;
    return `${id},On day ${at} fell ${label} and more ${label} 🌧 \u0645\u0637\u0631,${1900 + (at % 50)}`;
  });
  slug = await server.createTable("Weather map", ["id,text,year", ...lines], {
    id_column: "id",
    context_columns: ["year"],
  });
  await server.createScheme(slug, "fell", LABELS);
  const { id } = await server.computeFeature(slug, "words", {}, "tfidf-svd");
  await vi.waitUntil(async () => (await server.job(id)).state === "done", POLL);
}, 120_000);
afterAll(() => browser?.close());

async function open(path: string, options: object = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(60_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}${path}`);
  await signIn(watched.page, here);
  return { context, ...watched };
}

function stageOf(page: Page) {
  return page.getByRole("application", { name: "Map of the texts" });
}

async function said(): Promise<Record<string, unknown>> {
  const items = await server.elements(slug, "fell", "sample=tagged&limit=500");
  return Object.fromEntries(items.map(({ id, annotations }) => [id, annotations[0]?.value]));
}

/** Draw a line around the left of the map. */
async function drawAroundLeft(page: Page): Promise<void> {
  await stageOf(page).focus();
  const box = await stageOf(page).boundingBox();
  if (box === null) throw new Error("the map has no place");
  await page.keyboard.press("l");
  await page.mouse.move(box.x + 3, box.y + 3);
  await page.mouse.down();
  for (const [x, y] of [
    [0.5, 0.01],
    [0.5, 0.99],
    [0.01, 0.99],
  ] as const) {
    await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 4 });
  }
  await page.mouse.up();
}

/** How many texts the page says that the filter lets through. */
async function passing(page: Page): Promise<number> {
  const line = await page.getByText(/^\d+ texts? of 300$/).textContent();
  return Number(line?.split(" ")[0]);
}

it("makes a map, draws around texts, labels them and takes it back", PATIENT, async () => {
  const { context, page, errors, foreign } = await open(`/projects/${slug}/explore?scheme=fell`);
  const findings: Record<string, string[]> = {};
  await page.getByText("300 texts", { exact: true }).waitFor();
  await page.keyboard.press("m");
  await page.getByRole("heading", { name: "There is no map yet" }).waitFor();
  findings.none = await seriousFindings(page);
  await page.getByRole("button", { name: "Make a map…" }).click();
  const form = page.getByRole("form", { name: "Make a map" });
  await form.getByRole("combobox", { name: "Method" }).click();
  await page.getByRole("option", { name: /principal|PCA/i }).click();
  findings.form = await seriousFindings(page);
  await form.getByRole("button", { name: "Make it" }).click();
  await stageOf(page).waitFor();
  await page.getByRole("button", { name: "not coded 300" }).waitFor();
  expect(await stageOf(page).getAttribute("data-points")).toBe("300");
  findings.map = await seriousFindings(page);

  // A line around the left of the map becomes the filter of both views, and of the address.
  await drawAroundLeft(page);
  await page.getByText("in a region of the map map").waitFor();
  const count = await passing(page);
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(TEXTS);
  expect(new URL(page.url()).searchParams.get("region")).toContain("polygon");

  // A label's key labels what was drawn around, once it was said how many they are.
  await page.keyboard.press("2");
  const deed = `Label ${count} texts snow`;
  await page.getByRole("dialog", { name: deed }).getByRole("button", { name: deed }).click();
  await page.getByText(`${count} texts are labelled snow.`).waitFor();
  expect(Object.values(await said())).toEqual(Array(count).fill("snow"));
  await page.getByRole("button", { name: `snow ${count}` }).waitFor();
  findings.labelled = await seriousFindings(page, "explore-map");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("It is as it was before.").waitFor();
  expect(await said()).toEqual({});

  // The table shows the same texts, and a reload the same table.
  await page.keyboard.press("m");
  await page.getByRole("grid", { name: "Texts" }).waitFor();
  expect(await passing(page)).toBe(count);
  await page.reload();
  expect(await passing(page)).toBe(count);
  await page.getByRole("button", { name: "Remove the region" }).click();
  await page.getByText("300 texts", { exact: true }).waitFor();

  expect(findings).toEqual({ none: [], form: [], map: [], labelled: [] });
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it("reads, selects and filters by keys alone, in the dark", PATIENT, async () => {
  const { context, page, errors } = await open(
    `/projects/${slug}/explore?scheme=fell&view=map&color=context:year`,
    { colorScheme: "dark" },
  );
  await stageOf(page).waitFor();
  await page.getByRole("region", { name: "Legend" }).getByText("1900").waitFor();
  await stageOf(page).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("+");
  await page.keyboard.press("Enter");
  const text = page.getByRole("region", { name: "Text" });
  await text.getByText(/On day \d+ fell/).waitFor();
  await page.keyboard.press("Space");
  await page.getByText("1 text selected.").waitFor();
  expect(await seriousFindings(page)).toEqual([]);

  // The first Escape closes the text, the next one ends the selection.
  await page.keyboard.press("Escape");
  await text.waitFor({ state: "hidden" });
  await page.keyboard.press("m");
  await page.getByRole("grid", { name: "Texts" }).waitFor();
  await page.getByText("1 text selected.").waitFor();
  await page.keyboard.press("m");
  await stageOf(page).waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("1 text selected.").waitFor({ state: "hidden" });

  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await page.keyboard.press("v");
  await page.getByText("in a region of the map map").waitFor();
  expect(await passing(page)).toBeLessThan(TEXTS);
  expect(errors).toEqual([]);
  await context.close();
});

it("hides what its legend names, and fits a phone", PATIENT, async () => {
  const { context, page, errors } = await open(
    `/projects/${slug}/explore?scheme=fell&view=map&color=split`,
    { viewport: { width: 390, height: 844 } },
  );
  await stageOf(page).waitFor();
  const train = page.getByRole("button", { name: "train 300" });
  await train.click();
  expect(await train.getAttribute("aria-pressed")).toBe("false");
  await page.getByRole("combobox", { name: "Coloured by" }).selectOption({ label: "disagreement" });
  await page.getByRole("button", { name: "coded by fewer than two 300" }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wider).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

it("finds topics, shows one alone, names it and takes the name back", PATIENT, async () => {
  const { context, page, errors } = await open(
    `/projects/${slug}/explore?scheme=fell&view=map&color=split`,
  );
  await stageOf(page).waitFor();
  const { id } = await server.findTopics(slug, "kinds", {
    feature: "words",
    params: { clusterer: "kmeans", reducer: "pca", topics: 3 },
  });
  await vi.waitUntil(async () => (await server.job(id)).state === "done", POLL);
  await page.getByRole("button", { name: "Show the topics" }).click();
  const topics = page.getByRole("region", { name: "Topics" });
  await topics.getByText("3 topics.").waitFor();
  const name = topics.getByRole("textbox", { name: "Name of the topic" }).first();
  const before = await name.inputValue();
  await name.fill("Wet days");
  await name.press("Enter");
  const alone = topics.getByRole("button", { name: "Show only Wet days" });
  await alone.waitFor();
  await page.waitForFunction(
    () => document.querySelectorAll("[aria-label='Topics'] [aria-pressed]").length === 3,
  );
  await alone.click();
  await vi.waitUntil(async () => (await alone.getAttribute("aria-pressed")) === "true", POLL);
  expect(await seriousFindings(page)).toEqual([]);
  await topics.getByRole("button", { name: "Undo the last change" }).click();
  await topics.getByRole("button", { name: `Show only ${before}` }).waitFor();

  // Two of them become one by a job, and the page hears of it.
  for (const at of [0, 1]) await topics.getByRole("checkbox").nth(at).check();
  await topics.getByRole("button", { name: "Merge the chosen topics" }).click();
  await topics.getByText("2 topics.").waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

it("shows how alike texts are, and codes a region alone", PATIENT, async () => {
  const similar = encodeURIComponent(JSON.stringify({ text: "fell hail" }));
  const { context, page, errors } = await open(
    `/projects/${slug}/explore?scheme=fell&view=map&similar=${similar}`,
  );
  await stageOf(page).waitFor();
  const colours = page.getByRole("combobox", { name: "Coloured by" });
  expect(await colours.inputValue()).toBe("similarity");
  // From the least to the greatest cosine: hail is most like hail.
  const scale = page.getByRole("region", { name: "Legend" }).getByText(/^-?[01](\.\d+)?$/);
  await scale.nth(1).waitFor();
  const [least = 1, greatest = 0] = (await scale.allTextContents()).map(Number);
  expect(least).toBeLessThan(greatest);
  expect(greatest).toBeGreaterThan(0.2);
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole("textbox", { name: "Similarity at least" }).fill(String(greatest / 2));
  await page.keyboard.press("Enter");
  expect(await passing(page)).toBeLessThan(TEXTS);
  await page.getByRole("button", { name: "Clear the filter" }).first().click();
  await page.getByRole("searchbox", { name: "Meaning" }).fill("");
  await page.keyboard.press("Enter");
  await vi.waitUntil(async () => (await colours.inputValue()) === "label", POLL);

  // What was drawn around is a part of the texts, and only that is coded.
  await drawAroundLeft(page);
  await page.getByText("in a region of the map map").waitFor();
  const count = await passing(page);
  await page.keyboard.press("n");
  const strip = page.getByRole("region", { name: "What comes next" });
  await strip.getByText("in a region of the map map").waitFor();
  await strip.getByText(`${count} texts`).waitFor();
  expect(new URL(page.url()).searchParams.get("region")).toContain("polygon");
  await page.getByText(/On day \d+ fell/).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await strip.getByRole("button", { name: "Remove the region" }).click();
  await page.getByText(/On day \d+ fell/).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});
