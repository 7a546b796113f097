import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const PATIENT = { timeout: 120_000 };
const LABELS = ["rain", "snow"] as const;
/** A project of this run alone. */
const NAME = `Almanac of falls ${Date.now()}`;
const TEXTS = Array.from({ length: 60 }, (_, at) => `On day ${at} fell ${LABELS[at % 2]}`);

let browser: Browser;
let server: Server;
let slug: string;
let demo: string;
/** A person of this run alone: what was seen before is remembered with the account. */
const nora = { username: `nora-${Date.now()}`, password: "a-long-password-of-nora" };

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  slug = await server.createProject(NAME, TEXTS);
  await server.createUser(nora.username, nora.password);
  // Named as the demo is, of which a server started for tests has none.
  demo = await server.createProject("Demo: comments to a town council", TEXTS);
  await server.createScheme(demo, "topic", LABELS);
  await server.putMember(demo, nora.username);
  await server.putMember(slug, nora.username);
});
afterAll(() => browser?.close());

async function open(path: string, options: BrowserContextOptions = {}, person: object = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(40_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}${path}`);
  await signIn(watched.page, { ...here, ...person });
  return { context, ...watched };
}

function card(page: Page, name: string) {
  const within = page.getByRole("link", { name, exact: true });
  return page.getByRole("listitem").filter({ has: within }).first();
}

it(
  "shows where a project stands, in the list and on its overview, and the way on",
  PATIENT,
  async () => {
    const { context, page, errors, foreign } = await open("/");
    const findings: Record<string, string[]> = {};
    await card(page, NAME).getByText("No scheme yet").waitFor();
    findings.list = await seriousFindings(page, "projects");
    await page.getByRole("link", { name: NAME, exact: true }).click();

    // Without a scheme the next step is one, and its button leads into the form.
    const next = page.getByRole("region", { name: "What is next" });
    await next.getByRole("button", { name: "Make a scheme" }).click();
    await page.keyboard.type("fell");
    await page.getByLabel("Labels", { exact: true }).first().fill("rain");
    await page.keyboard.press("Enter");
    await page.getByLabel("Labels", { exact: true }).first().fill("snow");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Make the scheme" }).click();
    await next.getByRole("link", { name: "Code the first texts" }).waitFor();

    // What others do meanwhile changes the sentence and the step.
    await server.annotate(slug, "fell", (text) => (text.endsWith("rain") ? "rain" : "snow"));
    await next.getByRole("link", { name: "Write the codebook" }).waitFor();
    await page.getByText("60 of 60 coded, 100 %").waitFor();
    await page.getByText(`${here.username} said snow`).first().waitFor();
    findings.overview = await seriousFindings(page, "overview");

    await page.getByRole("link", { name: "kodkod" }).click();
    await card(page, NAME).getByText("60 coded, 100 %").waitFor();
    expect(findings).toEqual({ list: [], overview: [] });
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  },
);

it("finds anything by typing, from every page and within a field", PATIENT, async () => {
  const { context, page, errors } = await open(`/projects/${slug}`, { colorScheme: "dark" });
  await page.getByRole("heading", { name: NAME }).waitFor();
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Find anything" });
  const field = palette.getByRole("combobox");
  await field.waitFor();
  await palette.getByRole("option", { name: `Explore ${NAME}` }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.type("expl");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/explore/);

  // Within a field, where no other key holds; and what was chosen stands first.
  await page.getByRole("searchbox", { name: "Text" }).focus();
  await page.keyboard.press("Control+k");
  await field.waitFor();
  await palette.getByRole("option").first().waitFor();
  expect(await palette.getByRole("option").first().textContent()).toContain("Explore");
  await page.keyboard.type("no such thing");
  await palette.getByText("Nothing here is called that.").waitFor();
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });

  // A project by name, an action by its button, by a finger as well.
  await page.getByRole("button", { name: "Find anything" }).click();
  await page.keyboard.type("town council projects");
  await palette
    .getByRole("option", { name: /Projects$/ })
    .last()
    .click();
  await page.waitForURL(new RegExp(`/projects/${demo}$`));
  await page.keyboard.press("Control+k");
  await page.keyboard.type("keys");
  await palette.getByRole("option", { name: /^Keys/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

it("is shown around once, and again under help", PATIENT, async () => {
  const phone = { viewport: { width: 390, height: 844 } };
  const { context, page, errors } = await open(`/projects/${demo}`, phone, nora);
  const offer = page.getByRole("region", { name: "Tour" });
  await offer.getByRole("button", { name: "Show me around" }).click();
  const titles = ["Annotate", "The guide", "Explore", "Agreement", "Export", "Find anything"];
  for (const title of titles) {
    const note = page.getByRole("dialog", { name: title, exact: true });
    // It is read out, and has the keys, as soon as it has the focus.
    await note.and(page.locator(":focus")).waitFor();
    const box = await note.boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 390 && box.y >= 0).toBe(true);
    // Whatever the pointer is over after the last click has other colours.
    await page.mouse.move(0, 0);
    if (title === "Explore") expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("ArrowRight");
  }
  await page.getByRole("dialog").waitFor({ state: "detached" });

  // Not offered again, in another browser either; found under help, and left by Escape.
  const remembered = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/me"));
  await page.reload();
  await remembered;
  await page.getByRole("link", { name: "Annotate" }).first().waitFor();
  expect(await offer.count()).toBe(0);
  await page.keyboard.press("?");
  await page
    .getByRole("dialog", { name: "Keys" })
    .getByRole("button", { name: "Show me around" })
    .click();
  const first = page.getByRole("dialog", { name: "Annotate", exact: true });
  await first.and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Annotate", exact: true }).waitFor({ state: "detached" });
  expect(errors).toEqual([]);
  await context.close();
});

it("speaks French, from the list to the palette", PATIENT, async () => {
  const context = await browser.newContext();
  context.setDefaultTimeout(40_000);
  const { page, errors } = await openPage(context, here);
  await page.goto(here.baseUrl);
  await signIn(page, here);
  await page.getByRole("heading", { name: "Projects" }).waitFor();
  await page.evaluate(() => localStorage.setItem("kodkod.language", "fr"));
  await page.reload();
  await page.getByRole("heading", { name: "Projets" }).waitFor();
  await page.getByRole("link", { name: NAME, exact: true }).click();
  await page.getByRole("region", { name: "Prochaine étape" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("reglages");
  await page.getByRole("option", { name: /^Réglages/ }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});
