import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const PATIENT = { timeout: 120_000 };
const PASSWORD = "one who likes it dark";

let browser: Browser;
let username: string;

beforeAll(async () => {
  const [started, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  browser = started;
  username = `dora-${Date.now()}`;
  await server.createUser(username, PASSWORD);
});
afterAll(() => browser?.close());

async function open() {
  const context = await browser.newContext({ colorScheme: "light" });
  context.setDefaultTimeout(40_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}/account`);
  await signIn(watched.page, { ...here, username, password: PASSWORD });
  return { context, ...watched };
}

it("keeps language, look and mode with the account, on whichever machine", PATIENT, async () => {
  // Given somebody who chooses them on one machine
  const one = await open();
  await one.page.getByText("Medium", { exact: true }).click();
  await one.page.getByText("Dark", { exact: true }).click();
  const scheme = (page: typeof one.page) =>
    page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
  await vi.waitUntil(async () => (await scheme(one.page)) === "dark", { timeout: 20_000 });
  await one.page.getByRole("combobox", { name: "Language" }).click();
  await one.page.getByRole("option", { name: "Français" }).click();
  await one.page.getByRole("heading", { name: "Préférences" }).waitFor();
  expect(await seriousFindings(one.page)).toEqual([]);
  expect(one.errors).toEqual([]);
  await one.context.close();

  // When they sign in on another
  const other = await open();

  // Then it is as they like it
  await other.page.getByRole("heading", { name: "Préférences" }).waitFor();
  await vi.waitUntil(async () => (await scheme(other.page)) === "dark", { timeout: 20_000 });
  expect(await other.page.getByRole("radio", { name: "Moyen" }).first().isChecked()).toBe(true);
  expect(other.errors).toEqual([]);
  expect(other.foreign).toEqual([]);
  await other.context.close();
});
