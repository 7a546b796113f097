import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import type { AxeResults } from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import type { Settings } from "./settings";

/** Start Debian's Chromium, or the one that CHROMIUM names. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/** What went wrong in a page without anybody seeing it. */
export interface Watched {
  readonly page: Page;
  readonly errors: string[];
  readonly foreign: string[];
}

/** Open a page that keeps a list of its errors and of requests to other hosts. */
export async function openPage(context: BrowserContext, { baseUrl }: Settings): Promise<Watched> {
  const page = await context.newPage();
  const watched: Watched = { page, errors: [], foreign: [] };
  page.on("pageerror", (error) => watched.errors.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    const own = [baseUrl, `blob:${baseUrl}`, "data:"].some((start) => url.startsWith(start));
    if (!own) watched.foreign.push(url);
  });
  return watched;
}

/** Sign in as a person would; ends on the page that was asked for. */
export async function signIn(page: Page, { username, password }: Settings): Promise<void> {
  await page.getByLabel("Username").fill(username);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Return axe's serious and critical findings, one line each.
 *
 * What is looked at is worth a picture: with a name, one for the docs in the folder that PICTURES names; and in
 * the folder of EVERY_PICTURE, of each page in three widths, light and dark, for people to look at.
 */
export async function seriousFindings(page: Page, picture?: string): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate<AxeResults>("axe.run()");
  if (picture !== undefined) await keepPicture(page, picture);
  await keepEveryPicture(page);
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`);
}

const DOCS_SIZE = { width: 1280, height: 800 };

async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const size = page.viewportSize();
  await page.setViewportSize(DOCS_SIZE);
  await page.emulateMedia({ colorScheme: "light" });
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.emulateMedia({ colorScheme: null });
  if (size !== null) await page.setViewportSize(size);
}

const taken = new Map<string, number>();

async function keepEveryPicture(page: Page): Promise<void> {
  const folder = process.env.EVERY_PICTURE;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const file = basename(expect.getState().testPath ?? "", ".e2e.ts");
  const number = (taken.get(file) ?? 0) + 1;
  taken.set(file, number);
  const size = page.viewportSize();
  for (const width of [1440, 1024, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(250);
      const name = `${file}-${String(number).padStart(2, "0")}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: join(folder, name), fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (size !== null) await page.setViewportSize(size);
}
