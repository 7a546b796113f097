import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const LABELS = ["rain", "snow", "hail", "drizzle"] as const;
const PATIENT = { timeout: 120_000 };
const POLL = { timeout: 40_000, interval: 200 };

let browser: Browser;
let server: Server;
let slug: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  const texts = Array.from({ length: 40 }, (_, at) => `On day ${at} there was ${LABELS[at % 4]}`);
  slug = await server.createProject("Almanac", texts);
  await server.createScheme(slug, "sky", LABELS, "Code what fell.");
  await server.annotate(slug, "sky", (text) => text.split(" ").at(-1) ?? "");
});
afterAll(() => browser?.close());

async function open(path: string, colorScheme: "light" | "dark" = "light", as = here) {
  const context = await browser.newContext({ colorScheme, acceptDownloads: true });
  context.setDefaultTimeout(40_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}${path}`);
  await signIn(watched.page, as);
  return { context, ...watched };
}

async function names(): Promise<string[]> {
  return (await server.scheme("sky", slug)).labels.map(({ name }) => name);
}

async function menu(page: Page, label: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `More for ${label}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

it("changes labels where they stand, and takes a merge back", PATIENT, async () => {
  const { context, page, errors, foreign } = await open(`/projects/${slug}`);
  const findings: Record<string, string[]> = {};
  await page.getByRole("link", { name: "Labels and codebook" }).click();

  const hail = page.getByRole("textbox", { name: "Name of hail" });
  await hail.fill("hailstones");
  await hail.press("Enter");
  await page.getByRole("textbox", { name: "Name of hailstones" }).waitFor();

  const grip = page.getByRole("button", { name: "Move drizzle" });
  await grip.focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.getByText("drizzle is now 2 of 4.").waitFor();
  await vi.waitUntil(async () => (await names()).join() === "rain,drizzle,snow,hailstones", POLL);
  expect(await grip.evaluate((button) => button === document.activeElement)).toBe(true);

  await page.getByRole("button", { name: "Colour of rain" }).click();
  await page.getByRole("button", { name: "Colour 5" }).click();
  await vi.waitUntil(async () => {
    return (await server.scheme("sky", slug)).labels[0]?.color === "#734800";
  }, POLL);

  await page.getByRole("heading", { name: "Labels" }).click();
  await page.keyboard.press("n");
  await page.keyboard.type("sleet");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Name of sleet" }).waitFor();
  await menu(page, "sleet", "Delete…");
  const deleting = page.getByRole("form", { name: "Delete sleet" });
  await deleting.getByText("No text counts as sleet: nothing else changes.").waitFor();
  // Whoever came here by keys is in the form.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("sleet is deleted.").waitFor();

  await menu(page, "drizzle", "Merge into another…");
  const merging = page.getByRole("form", { name: "Merge drizzle" });
  await merging.getByRole("combobox", { name: "is to count as" }).click();
  await page.getByRole("option", { name: "rain", exact: true }).click();
  await merging.getByText("10 texts count as drizzle.").waitFor();
  await merging.getByText("20 texts then count as rain, which 10 do now.").waitFor();
  findings.merge = await seriousFindings(page);
  await merging.getByRole("button", { name: "Merge drizzle into rain" }).click();
  await page.getByText("drizzle now counts as rain.").waitFor();
  await page.getByText("20 texts", { exact: true }).waitFor();
  expect(await names()).toEqual(["rain", "snow", "hailstones"]);

  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("It is as it was before.").waitFor();
  await page.getByRole("textbox", { name: "Name of drizzle" }).waitFor();
  await page.getByText("20 texts", { exact: true }).waitFor({ state: "detached" });
  expect((await names()).toSorted()).toEqual(["drizzle", "hailstones", "rain", "snow"]);
  findings.labels = await seriousFindings(page, "scheme-labels");
  expect(findings).toEqual({ merge: [], labels: [] });
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it("writes a codebook, and loses neither one's own text nor anybody else's", PATIENT, async () => {
  const { context, page, errors, foreign } = await open(`/projects/${slug}/schemes/sky`, "dark");
  const book = page.getByRole("form", { name: "Codebook" });
  const source = book.getByRole("textbox", { name: "Markdown" });
  const read = book.getByRole("region", { name: "As annotators read it" });
  const saved = async () => (await server.scheme("sky", slug)).codebook;
  await source.fill("Code what fell.\n\n- **rain**: water <b>only</b>");
  await read.locator("strong", { hasText: "rain" }).waitFor();
  await read.getByText("<b>only</b>").waitFor();
  await page.keyboard.press("Control+s");
  await book.getByText("Saved. Everybody sees this text.").waitFor();
  expect(await saved()).toBe("Code what fell.\n\n- **rain**: water <b>only</b>");

  // A draft is told of before it is left, and is there again afterwards.
  await source.fill("Code what fell.\nMine.");
  await page.getByRole("link", { name: "Jobs" }).click();
  await page.getByRole("button", { name: "Stay here" }).click();
  await page.getByRole("link", { name: "Jobs" }).click();
  await page.getByRole("button", { name: "Leave it as a draft" }).click();
  await page.getByRole("heading", { name: "Jobs" }).first().waitFor();
  await page.goBack();
  await book.getByText("Not saved yet").waitFor();
  expect(await source.inputValue()).toBe("Code what fell.\nMine.");

  await server.changeScheme(slug, "sky", { codebook: "Code what fell.\nTheirs." });
  await book.getByText("Somebody else has saved the codebook").waitFor();
  expect(await seriousFindings(page, "scheme-codebook")).toEqual([]);
  await book.getByRole("button", { name: "Put both into the text" }).click();
  await book.getByRole("button", { name: "Save the codebook" }).click();
  await book.getByText("Saved. Everybody sees this text.").waitFor();
  expect(await saved()).toBe("Code what fell.\nTheirs.\nMine.");

  await source.fill("Goes along.");
  await page.getByRole("textbox", { name: "Name of the scheme" }).fill("The Heavens");
  await page.getByText("Saved as the-heavens").waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "the-heavens" }).waitFor();
  expect(page.url()).toMatch(/the-heavens$/);
  expect(await source.inputValue()).toBe("Goes along.");
  await server.changeScheme(slug, "the-heavens", { name: "sky" });
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it("makes a token that works until it is revoked", PATIENT, async () => {
  const { context, page, errors } = await open("/");
  await page.getByRole("button", { name: /^Account: / }).click();
  await page.getByRole("menuitem", { name: "Account" }).click();
  await page.getByText("this one").waitFor();
  await page.getByRole("button", { name: "New token" }).click();
  const form = page.getByRole("form", { name: "New token" });
  await form.getByLabel("What it is for").fill("almanac");
  await form.getByRole("button", { name: "Make the token" }).click();
  const token = await page.getByRole("textbox", { name: "The token almanac" }).inputValue();
  expect(await seriousFindings(page)).toEqual([]);
  const asked = () =>
    fetch(`${here.baseUrl}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } });
  expect((await asked()).status).toBe(200);
  await page.getByRole("button", { name: "I have it" }).click();
  expect(await page.content()).not.toContain(token);
  const revoke = page.getByRole("button", { name: "Revoke the token almanac" });
  await revoke.click();
  await revoke.waitFor({ state: "detached" });
  expect((await asked()).status).toBe(401);
  expect(errors).toEqual([]);
  await context.close();
});

it("changes a password, which ends what else is signed in", PATIENT, async () => {
  const ada = { ...here, username: `ada-${Date.now()}`, password: "first of two passwords" };
  await server.createUser(ada.username, ada.password);
  const elsewhere = await Server.signIn(ada);
  const { context, page, errors } = await open("/account", "dark", ada);
  await page.getByLabel("Current password").fill("not this one");
  await page.getByLabel("New password", { exact: true }).fill("second of two passwords");
  await page.getByLabel("New password, again").fill("second of two passwords");
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByText("The current password is not right.").waitFor();
  await page.getByLabel("Current password").fill(ada.password);
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByText("The password is changed").waitFor();
  await page.getByRole("heading", { name: ada.username }).waitFor();
  await expect(elsewhere.scheme("sky", slug)).rejects.toThrow("401");
  await page.reload();
  await page.getByText("this one").waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

it("exports, grows and deletes a project", PATIENT, async () => {
  const { context, page, errors } = await open(`/projects/${slug}/settings`, "dark");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(`${slug}-sky-annotations.csv`);
  expect(readFileSync(await file.path(), "utf8")).toContain("On day 3 there was drizzle");

  await page.locator('input[type="file"]').setInputFiles({
    name: "more.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("text\nOn day 40 there was fog\nOn day 41 there was none"),
  });
  await page.getByRole("button", { name: "Add them" }).click();
  await page.getByText("2 texts were added; there are 42 now.").waitFor();
  expect(await seriousFindings(page)).toEqual([]);

  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Old almanac");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Old almanac" }).waitFor();

  await page.getByRole("button", { name: "Delete this project…" }).click();
  const asking = page.getByRole("form", { name: "Delete this project…" });
  await asking.getByRole("textbox").fill("Old");
  expect(await asking.getByRole("button", { name: "Delete Old almanac" }).isDisabled()).toBe(true);
  await asking.getByRole("textbox").fill("Old almanac");
  await asking.getByRole("button", { name: "Delete Old almanac" }).click();
  await page.getByRole("heading", { name: "Projects" }).waitFor();
  await page.getByRole("link", { name: /^Old almanac/ }).waitFor({ state: "detached" });

  // It is brought back, archived, and copied.
  await page.getByRole("button", { name: "Restore Old almanac" }).click();
  await page.getByRole("link", { name: /^Old almanac/ }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Archive the project" }).click();
  await page.getByText("nothing in it changes.").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole("textbox", { name: "Name of the copy" }).fill("Second wave");
  await page.getByRole("button", { name: "Make the copy" }).click();
  await page.getByRole("heading", { name: "Second wave" }).waitFor();
  await page.getByText("42 texts").waitFor();
  await page.getByText("nothing in it changes.").waitFor({ state: "detached" });
  expect(errors).toEqual([]);
  await context.close();
});
