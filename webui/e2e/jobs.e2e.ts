import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { MANY, manyTexts, SLOW } from "./manyTexts";
import { OwnServer } from "./ownServer";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const KODKOD = process.env.KODKOD ?? "";

/** For what waits for real computations, on a machine that has other work as well. */
const PATIENT = { timeout: 180_000 };
const POLL = { timeout: 60_000, interval: 200 };

let browser: Browser;
let server: Server;
/** A project of so many texts that computing a feature takes a while. */
let large: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  large = await server.createProject("Many texts", manyTexts(MANY));
});
afterAll(() => browser?.close());

async function signedIn(context: BrowserContext, path: string, where = here) {
  const watched = await openPage(context, where);
  context.setDefaultTimeout(40_000);
  await watched.page.goto(`${where.baseUrl}${path}`);
  await signIn(watched.page, where);
  await watched.page.getByRole("button", { name: /^Account: / }).waitFor();
  return watched;
}

async function choose(page: Page, form: string, name: string, option: string): Promise<void> {
  await page.getByRole("form", { name: form }).getByRole("combobox", { name }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** Wait until the first progress bar of a page has passed a share, in percent. */
async function passes(page: Page, share: number): Promise<void> {
  await page.waitForFunction((least) => {
    const bar = document.querySelector("[role=progressbar]");
    return Number(bar?.getAttribute("aria-valuenow") ?? -1) > least;
  }, share);
}

/** The sign of the tray, as it is read out. */
function sign(page: Page, words: RegExp) {
  return page.getByRole("banner").getByRole("button", { name: words });
}

it("starts a computation that moves in every tab, unasked, and is stopped", PATIENT, async () => {
  const context = await browser.newContext();
  const { page, errors, foreign } = await signedIn(context, `/projects/${large}/models`);
  await page.getByRole("button", { name: "Compute a feature" }).click();
  await page.getByText("Medium", { exact: true }).click();
  await choose(page, "Compute a feature", "Kind", "tf-idf");
  await choose(page, "Compute a feature", "Unit", SLOW.unit);
  await page.getByLabel("Ngram max").fill(String(SLOW.ngram_max));
  await page.getByLabel("Name", { exact: true }).fill("Slow one");
  await page.getByText(/^(No like job has run|Likely )/).waitFor();
  await page.getByRole("button", { name: "Compute it" }).click();
  await sign(page, /^1 job 1 (under way|waiting)$/).waitFor();

  const { page: other } = await openPage(context, here);
  await other.goto(`${here.baseUrl}/projects/${large}/jobs`);
  const there = other.getByRole("article", { name: "Compute the feature slow-one" });
  await there.waitFor();
  await page.keyboard.press("j");
  const tray = page.getByRole("dialog");
  await tray.getByRole("article", { name: "Compute the feature slow-one" }).waitFor();
  await passes(page, 1);

  const asked: string[] = [];
  for (const each of [page, other]) {
    // What a page fetches of its own program, for later, asks for nothing.
    each.on("request", (request) => {
      if (!new URL(request.url()).pathname.startsWith("/assets/")) asked.push(request.url());
    });
  }
  await Promise.all([passes(page, 8), passes(other, 8)]);
  expect(asked).toEqual([]);

  await tray.getByRole("button", { name: /^Stop: / }).click();
  // Asked only where it has run for a while.
  const sure = tray.getByRole("button", { name: "Stop it" });
  await sure
    .or(tray.getByText(/^stop(ping…|ped after)/))
    .first()
    .waitFor();
  if (await sure.isVisible()) await sure.click();
  await there.getByText(/^stopped after/).waitFor();
  await tray.getByText(/^stopped after/).waitFor();
  await there.getByText(/ Wh, .*CO₂e, (estimated|measured)$/).waitFor();
  await page.keyboard.press("Escape");
  await sign(page, /^Jobs none under way$/).waitFor();
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it("tells of a failure with its reason, until somebody has looked", async () => {
  const context = await browser.newContext();
  const { page } = await signedIn(context, `/projects/${here.project}/jobs`);
  const { page: other } = await openPage(context, here);
  await other.goto(`${here.baseUrl}/`);
  await sign(other, /^Jobs none under way$/).waitFor();
  await server.computeFeature(here.project, "nothing-left", { min_df: 100_000 });

  const notices = page.getByRole("region", { name: "Notices" });
  await notices.getByText("Compute the feature nothing-left: failed").waitFor();
  await notices.getByText(/no term is left of 120 texts/).waitFor();
  await sign(other, /^Jobs none under way 1 failed$/).waitFor();
  await notices.getByRole("button", { name: "Show jobs" }).click();
  const job = page.getByRole("dialog").getByRole("article", { name: /nothing-left/ });
  await job.getByText(/no term is left of 120 texts/).waitFor();
  await job.getByRole("button", { name: "Log" }).click();
  await job
    .getByRole("region", { name: "Log" })
    .or(job.getByText("It has written nothing."))
    .waitFor();
  await page.keyboard.press("Escape");
  await sign(page, /^Jobs none under way$/).waitFor();
  await sign(other, /^Jobs none under way$/).waitFor();
  await context.close();
});

it("shows the server's refusal at the field, and sends nothing that it does not know", async () => {
  const context = await browser.newContext();
  const { page } = await signedIn(context, `/projects/${here.project}/models`);
  await page.getByRole("button", { name: "Compute a feature" }).click();
  await page.getByText("Pro", { exact: true }).click();
  await choose(page, "Compute a feature", "Kind", "tf-idf condensed (LSA)");
  await page.getByLabel("Dim", { exact: true }).fill("1");
  await page.getByText("At least 2.").waitFor();
  expect(await page.getByRole("button", { name: "Compute it" }).isDisabled()).toBe(true);
  await page.getByLabel("Dim", { exact: true }).fill("50");
  // As a server of another version would: what the form takes for right is refused.
  await page.route(/\/features$/, async (route) => {
    const sent = route.request().postDataJSON();
    expect(sent).toMatchObject({ component: "tfidf-svd", params: { dim: 50 } });
    await route.continue({ postData: { ...sent, params: { ...sent.params, dim: 1 } } });
  });
  await page.getByRole("button", { name: "Compute it" }).click();
  await page.getByText("Expected `int` >= 2").waitFor();
  expect(await page.getByLabel("Dim", { exact: true }).getAttribute("aria-invalid")).toBe("true");
  await context.close();
});

it("trains a model and lets it predict", async () => {
  const slug = await server.createProject(
    "Stance",
    Array.from({ length: 60 }, (_, at) => `text ${at} on ${at % 2 ? "rain" : "sun"} ${at}`),
  );
  const context = await browser.newContext();
  const { page } = await signedIn(context, `/projects/${slug}`);
  await page.getByLabel("Name of the scheme").fill("weather");
  const labels = page.getByRole("textbox", { name: "Labels" }).or(page.getByLabel("Labels"));
  for (const label of ["rain", "sun"]) {
    await labels.first().fill(label);
    await page.keyboard.press("Enter");
  }
  await page.getByRole("button", { name: "Make the scheme" }).click();
  await page.getByRole("link", { name: "Models", exact: true }).click();
  await page.getByRole("button", { name: "Compute a feature" }).click();
  await page.getByRole("button", { name: "Compute it" }).click();
  await page.getByRole("heading", { name: "tfidf-svd", exact: true }).waitFor();
  await server.annotate(slug, "weather", (text) => (text.includes("rain") ? "rain" : "sun"));
  await page.getByRole("button", { name: "Train a model" }).click();
  await page.getByRole("button", { name: "Train it" }).click();
  await page.getByRole("heading", { name: "weather-logistic", exact: true }).waitFor();
  await page.getByRole("button", { name: "Predict with weather-logistic" }).click();
  await page.getByRole("button", { name: "Predict 60 texts" }).click();
  await page.getByRole("heading", { name: "Predictions of the corpus" }).waitFor();

  await page.getByRole("link", { name: "All jobs, and the energy they took" }).click();
  await page.getByText(/^\d+ jobs used .* Wh, .* CO₂e, (estimated|measured)/).waitFor();
  await page.getByRole("list", { name: "Energy" }).getByText("Predictions").waitFor();
  await page.getByRole("article", { name: "Predict with weather-logistic" }).waitFor();
  await page.getByRole("button", { name: "Set a budget" }).click();
  await page.getByLabel("Watt-hours that its jobs may use").fill("0.000001");
  await page.getByRole("checkbox", { name: "Refuse jobs beyond it" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(/The budget is spent: new jobs are refused\.$/).waitFor();
  await page.getByRole("link", { name: "Models", exact: true }).click();
  await page.getByRole("button", { name: "Predict with weather-logistic" }).click();
  await page.getByText(/^It would not be accepted: /).waitFor();
  expect(await page.getByRole("button", { name: "Predict 60 texts" }).isDisabled()).toBe(true);
  await page.goBack();
  await page.getByRole("button", { name: "Change it" }).click();
  await page.getByRole("button", { name: "Remove the budget" }).click();
  await page.getByText(/^This project has no budget/).waitFor();
  await context.close();
});

describe.runIf(KODKOD !== "")("with a server of its own", () => {
  it("catches up on what happened while the server was away", PATIENT, async () => {
    const own = await OwnServer.make(KODKOD);
    const context = await browser.newContext();
    try {
      await own.start();
      const before = await Server.signIn(own.settings);
      const slug = await before.createProject("Many texts", manyTexts(MANY));
      const { page } = await signedIn(context, `/projects/${slug}/models`, own.settings);
      const positions: (string | undefined)[] = [];
      page.on("request", (request) => {
        if (request.url().endsWith("/events")) positions.push(request.headers()["last-event-id"]);
      });
      await page.getByRole("heading", { name: "Models", exact: true }).waitFor();
      const job = await before.computeFeature(slug, "slow", SLOW);
      await passes(page, 2);

      await own.stop();
      await page.keyboard.press("j");
      await page.getByText(/^The server cannot be reached; this is how things stood/).waitFor();
      // It comes back, and what is asked of it is over before the page has noticed.
      await context.route(/\/events$/, (route) => route.abort("connectionrefused"));
      await own.start();
      const after = await Server.signIn(own.settings);
      await after.stop(job.id);
      await expect.poll(async () => (await after.job(job.id)).state, POLL).toBe("cancelled");
      await context.unroute(/\/events$/);
      await page.evaluate(() => window.dispatchEvent(new Event("online")));

      await page
        .getByRole("dialog")
        .getByText(/^stopped /)
        .waitFor();
      expect(await page.getByText(/^The server cannot be reached/).count()).toBe(0);
      expect(positions.some((position) => Number(position) > 0)).toBe(true);
    } finally {
      await context.close();
      await own.discard();
    }
  });
});

it("lets root watch over the service, and looks again by itself", async () => {
  const context = await browser.newContext();
  const { page, errors } = await signedIn(context, "/");
  await page.getByRole("button", { name: "Account: root" }).click();
  await page.getByRole("menuitem", { name: "Monitor" }).click();
  await page.getByText(/^(All is well\.|Annotators can work, but not all is well\.)/).waitFor();
  await page.getByRole("region", { name: "Workers" }).getByText("live").first().waitFor();
  await page.waitForResponse((response) => response.url().endsWith("/monitor"));
  expect(errors).toEqual([]);
  await context.close();
});

it("lists the keys of a page by ?", async () => {
  const context = await browser.newContext();
  const { page } = await signedIn(context, "/");
  await page.getByRole("heading", { name: "Projects" }).waitFor();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await keys.getByText("Jobs", { exact: true }).waitFor();
  const changed = keys.getByRole("button", { name: /: change the key for/ });
  expect(await changed.allInnerTexts()).toEqual(["ctrl k", "j", "?"]);
  await context.close();
});

it.each(["light", "dark"] as const)("has no serious finding of axe in %s mode", async (scheme) => {
  const context = await browser.newContext({ colorScheme: scheme });
  const { page } = await signedIn(context, `/projects/${here.project}/models`);
  const findings: Record<string, string[]> = {};
  await page.getByRole("button", { name: "Compute a feature" }).click();
  await page.getByText("Pro", { exact: true }).click();
  await page.getByText(/^(No like job has run|Likely )/).waitFor();
  findings.feature = await seriousFindings(page);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.keyboard.press("j");
  await page.getByRole("dialog").getByRole("article").first().waitFor();
  const log = page.getByRole("dialog").getByRole("button", { name: "Log" });
  await log.first().click();
  findings.tray = await seriousFindings(page);
  await page.keyboard.press("Escape");
  await page.goto(`${here.baseUrl}/projects/${here.project}/jobs`);
  await page.getByRole("list", { name: "Energy" }).waitFor();
  await page.getByRole("button", { name: "Set a budget" }).click();
  await page.getByRole("article").first().waitFor();
  findings.jobs = await seriousFindings(page, "jobs-page");
  await page.getByText("Day", { exact: true }).click();
  await page.getByRole("img", { name: "Energy by day" }).waitFor();
  findings.days = await seriousFindings(page);
  await page.goto(`${here.baseUrl}/monitor`);
  await page.getByRole("heading", { name: "Queues" }).waitFor();
  findings.monitor = await seriousFindings(page, "monitor");
  expect(findings).toEqual({ feature: [], tray: [], jobs: [], days: [], monitor: [] });
  await context.close();
});
