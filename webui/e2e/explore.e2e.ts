import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const LABELS = ["rain", "snow", "hail"] as const;
const PATIENT = { timeout: 120_000 };
const POLL = { timeout: 40_000, interval: 200 };
const TEXTS = 700;

let browser: Browser;
let server: Server;
let slug: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  const lines = Array.from(
    { length: TEXTS },
    (_, at) => `w${String(at).padStart(3, "0")},On day ${at} fell ${LABELS[at % 3]},${1900 + at}`,
  );
  slug = await server.createTable("Weather book", ["id,text,year", ...lines], {
    id_column: "id",
    context_columns: ["year"],
  });
  await server.createScheme(slug, "fell", LABELS);
});
afterAll(() => browser?.close());

async function open(path: string, options: object = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(40_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}${path}`);
  await signIn(watched.page, here);
  return { context, ...watched };
}

async function said(): Promise<Record<string, unknown>> {
  const items = await server.elements(slug, "fell", "sample=tagged&limit=500");
  return Object.fromEntries(items.map(({ id, annotations }) => [id, annotations[0]?.value]));
}

let words: Promise<void> | undefined;

/** Compute the feature that texts are compared by, once. */
function learnWords(): Promise<void> {
  words ??= (async () => {
    const { id } = await server.computeFeature(slug, "words", {}, "tfidf-svd");
    await vi.waitUntil(async () => (await server.job(id)).state === "done", POLL);
  })();
  return words;
}

async function firstIds(page: Page, count: number): Promise<string[]> {
  const rows = page.getByRole("row").filter({ hasText: /w\d{3}/ });
  await rows.nth(count - 1).waitFor();
  const found = await rows.evaluateAll((all) =>
    all
      .map((row) => ({
        at: Number(row.getAttribute("aria-rowindex")),
        id: /w\d{3}/.exec(row.textContent ?? "")?.[0] ?? "",
      }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ id }) => id),
  );
  return found.slice(0, count);
}

it("finds, sorts, reads and labels texts by keys, and takes it back", PATIENT, async () => {
  const { context, page, errors, foreign } = await open(`/projects/${slug}`);
  const findings: Record<string, string[]> = {};
  await page.getByRole("link", { name: "Explore" }).click();
  await page.getByText("700 texts", { exact: true }).waitFor();
  const table = page.getByRole("grid", { name: "Texts" });
  expect(await table.getAttribute("aria-rowcount")).toBe("701");

  // The end of the table is there at once, and only what is seen is drawn.
  await table.focus();
  await page.keyboard.press("End");
  await page.getByRole("row", { name: /w699/ }).waitFor();
  expect(await page.getByRole("row").count()).toBeLessThan(60);
  await page.keyboard.press("Home");
  await page.getByRole("row", { name: /w000/ }).waitFor();

  await page.keyboard.press("2");
  await vi.waitUntil(async () => (await said()).w000 === "snow", POLL);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "hail" }).click();
  await vi.waitUntil(async () => (await said()).w001 === "hail", POLL);
  findings.opened = await seriousFindings(page, "explore-table");
  await page.keyboard.press("u");
  await vi.waitUntil(async () => !("w001" in (await said())), POLL);
  await page.keyboard.press("Enter");

  // Sorted by a press and by keys; the address keeps it.
  await page.getByRole("columnheader").getByRole("button", { name: "year" }).click();
  await page.getByRole("columnheader").getByRole("button", { name: "year" }).press("Enter");
  await vi.waitUntil(async () => (await firstIds(page, 3)).join() === "w699,w698,w697", POLL);
  expect(await page.locator('[aria-sort="descending"]').textContent()).toContain("year");

  await page.keyboard.press("/");
  await page.keyboard.type("fell rain$");
  await page.keyboard.press("Enter");
  await page.getByText("234 texts of 700").waitFor();
  await page.getByRole("button", { name: "Add a condition…" }).click();
  const form = page.getByRole("form", { name: "Add a condition" });
  await form.getByRole("combobox", { name: "Condition" }).selectOption({ label: "at most" });
  await form.getByRole("spinbutton", { name: "Value" }).fill("1989");
  await page.keyboard.press("Enter");
  await page.getByText("30 texts of 700").waitFor();
  await page.reload();
  await page.getByText("30 texts of 700").waitFor();
  await vi.waitUntil(async () => (await firstIds(page, 2)).join() === "w087,w084", POLL);
  findings.filtered = await seriousFindings(page);

  expect(findings).toEqual({ opened: [], filtered: [] });
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it("labels many texts after saying how many, and brings back what was said", PATIENT, async () => {
  const search = new URLSearchParams({ regex: "fell rain$" });
  const { context, page, errors } = await open(`/projects/${slug}/explore?${search}`, {
    colorScheme: "dark",
  });
  await page.getByText("234 texts of 700").waitFor();
  const before = await said();
  const table = page.getByRole("grid", { name: "Texts" });
  await table.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.getByText("3 texts selected.").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+a");
  await page.getByText("234 texts selected.").waitFor();
  await page.keyboard.press("1");
  const dialog = page.getByRole("dialog", { name: "Label 234 texts rain" });
  await dialog.getByText("You have said something else of 1 of them").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Label 234 texts rain" }).click();
  await page.getByText("234 texts are labelled rain.").waitFor();
  expect(Object.values(await said()).filter((value) => value === "rain")).toHaveLength(234);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("It is as it was before.").waitFor();
  expect(await said()).toEqual(before);
  expect(errors).toEqual([]);
  await context.close();
});

it("says what is wrong with a filter, and what to do where nothing passes", PATIENT, async () => {
  const { context, page, errors } = await open(`/projects/${slug}/explore?regex=(`, {
    viewport: { width: 390, height: 844 },
  });
  await page.getByRole("alert").getByText("unclosed group").waitFor();
  await page.getByRole("searchbox", { name: "Text" }).fill("no such words");
  await page.keyboard.press("Enter");
  await page.getByText("No text passes this filter.").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Clear the filter" }).last().click();
  await page.getByText("700 texts", { exact: true }).waitFor();
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wider).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

it("finds texts by their meaning, and says what that needs", PATIENT, async () => {
  const { context, page, errors } = await open(`/projects/${slug}/explore`);
  const findings: Record<string, string[]> = {};
  await page.getByText("700 texts", { exact: true }).waitFor();
  await page.getByText("the project needs a feature such as sentence embeddings").waitFor();
  findings.lacking = await seriousFindings(page);
  expect(await page.getByRole("link", { name: "Compute one" }).getAttribute("href")).toBe(
    `/projects/${slug}/models`,
  );
  await learnWords();

  // Words go to the worker once; the order is that of the server, and an order keeps no text away.
  const field = page.getByRole("searchbox", { name: "Meaning" });
  await field.waitFor();
  await page.keyboard.press("s");
  await page.keyboard.type("fell hail");
  await page.keyboard.press("Enter");
  await page.getByRole("columnheader", { name: "Similarity" }).waitFor();
  await page
    .locator('[data-column="similarity"]')
    .first()
    .getByText(/^0\.\d\d$|^1\.00$/)
    .waitFor();
  await page.getByText("700 texts", { exact: true }).waitFor();
  const first = await firstIds(page, 5);
  expect(first.map((each) => Number(each.slice(1)) % 3)).toEqual([2, 2, 2, 2, 2]);
  expect(await page.locator('[aria-sort="descending"]').textContent()).toContain("Similarity");
  findings.sought = await seriousFindings(page, "explore-search");

  // With a least similarity it is a filter, which can be cleared while the order stays.
  await page.getByRole("textbox", { name: "Similarity at least" }).fill("2");
  await page.keyboard.press("Enter");
  await page.getByText("Write a number from −1 to 1.").waitFor();
  await page.getByRole("textbox", { name: "Similarity at least" }).fill("0.1");
  await page.keyboard.press("Enter");
  await page.getByText(/^\d+ texts of 700$/).waitFor();
  await page.reload();
  await page.getByText(/^\d+ texts of 700$/).waitFor();
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await page.getByText("700 texts", { exact: true }).waitFor();
  expect(await field.inputValue()).toBe("fell hail");

  // What the feature knows nothing of is said, with a way out.
  await field.fill("qwertz");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("makes nothing of this text").waitFor();
  findings.nothing = await seriousFindings(page);
  await page.getByRole("button", { name: "Do not look for similar texts" }).click();

  // Like a text that is read: it is the most similar itself.
  const table = page.getByRole("grid", { name: "Texts" });
  await table.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Texts like this one" }).click();
  await page.getByText("like the text w001").waitFor();
  await page.locator('[data-column="similarity"]').first().getByText("1.00").waitFor();
  expect((await firstIds(page, 3)).map((each) => Number(each.slice(1)) % 3)).toEqual([1, 1, 1]);
  await page.getByRole("button", { name: "Remove: like the text w001" }).click();
  await vi.waitUntil(async () => (await firstIds(page, 1)).join() === "w000", POLL);

  expect(findings).toEqual({ lacking: [], sought: [], nothing: [] });
  expect(errors.filter((each) => !each.includes("422"))).toEqual([]);
  await context.close();
});

it("codes what was found, filtered or selected, and nothing else", PATIENT, async () => {
  const search = new URLSearchParams({ regex: "day 6\\d+ fell snow$" });
  const { context, page, errors } = await open(`/projects/${slug}/explore?${search}`);
  const line = await page.getByText(/^\d+ texts of 700$/).textContent();
  const count = Number(line?.split(" ")[0]);
  await page.getByRole("button", { name: `Annotate these ${count}` }).click();
  const strip = page.getByRole("region", { name: "What comes next" });
  await strip.getByText("matching day 6").waitFor();
  await strip.getByText(`${count} texts`).waitFor();
  await page.getByText(/day 6\d+ fell snow/).waitFor();
  expect(await seriousFindings(page)).toEqual([]);

  // Two that were selected, the last one first; then no more, and a way to the others.
  await page.goto(`${here.baseUrl}/projects/${slug}/explore`);
  await page.getByText("700 texts", { exact: true }).waitFor();
  const table = page.getByRole("grid", { name: "Texts" });
  await table.focus();
  for (const key of ["End", "ArrowUp", "Space", ...Array(3).fill("ArrowUp"), "Space", "n"]) {
    await page.keyboard.press(key);
    if (key === "End") await page.getByRole("row", { name: /w699/ }).waitFor();
  }
  await strip.getByText("only 2 picked texts").waitFor();
  expect(new URL(page.url()).searchParams.get("rows")).toBe("698_695");
  await page.getByText("On day 698 fell hail").waitFor();
  await page.keyboard.press("3");
  await page.getByText("On day 695 fell hail").waitFor();
  await page.keyboard.press("3");
  await page.getByRole("heading", { name: "No text that passes the filter is left" }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await strip.getByRole("button", { name: "Remove: only 2 picked texts" }).click();
  await page.getByText(/On day \d+ fell/).waitFor();
  await vi.waitUntil(async () => (await said()).w695 === "hail", POLL);

  // The most similar ones come in their order.
  await learnWords();
  const similar = encodeURIComponent(JSON.stringify({ text: "fell hail", least: 0.1 }));
  await page.goto(`${here.baseUrl}/projects/${slug}/explore?similar=${similar}`);
  await page.getByRole("columnheader", { name: "Similarity" }).waitFor();
  const [best] = (await firstIds(page, 3)).filter((id) => id !== "w698" && id !== "w695");
  await page.getByRole("button", { name: /Annotate the \d+ most similar/ }).click();
  await page.getByText(`On day ${Number(best?.slice(1))} fell hail`).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});
