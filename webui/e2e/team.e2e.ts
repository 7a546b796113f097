import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const PATIENT = { timeout: 120_000 };
const PASSWORD = "a harbour full of boats";

let browser: Browser;
let server: Server;
let slug: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  const texts = Array.from({ length: 40 }, (_, at) => `Letter ${at} to the editor`);
  slug = await server.createProject("Letters", texts);
  await server.createScheme(slug, "tone", ["kind", "angry"]);
  await server.createUser("nora", PASSWORD);
});
afterAll(() => browser?.close());

async function open(path: string, as: typeof here | null = here) {
  const context = await browser.newContext({ acceptDownloads: true });
  context.setDefaultTimeout(40_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}${path}`);
  if (as !== null) await signIn(watched.page, as);
  return { context, ...watched };
}

it(
  "lets a manager gather a team, give out texts and see how far everybody is",
  PATIENT,
  async () => {
    const { context, page, errors, foreign } = await open(`/projects/${slug}/team`);

    const adding = page.getByRole("form", { name: "Add a member" });
    await adding.getByRole("textbox", { name: "Username" }).fill("nora");
    await adding.getByRole("button", { name: "Add" }).click();
    await page.getByRole("heading", { name: "nora" }).waitFor();

    // Somebody who does not exist is refused, with what to do.
    await adding.getByRole("textbox", { name: "Username" }).fill("nobody-here");
    await adding.getByRole("button", { name: "Add" }).click();
    await page.getByText(/There is no user 'nobody-here'/).waitFor();

    await page.getByRole("button", { name: "Invite by link" }).click();
    const inviting = page.getByRole("form", { name: "Invite by link" });
    await inviting.getByRole("textbox", { name: "For whom" }).fill("the new student");
    await inviting.getByRole("button", { name: "Make the link" }).click();
    const link = await page.getByRole("textbox", { name: /^The link/ }).inputValue();
    expect(link).toMatch(new RegExp(`^${here.baseUrl}/join#.{20,}`));

    // Whoever has no account comes in by it, and the link is good once.
    const guest = await open("/join", null);
    await guest.page.goto(link);
    await guest.page.getByText("You are invited to Letters as annotator.").waitFor();
    expect(guest.page.url()).not.toContain("#");
    await guest.page.getByRole("textbox", { name: "Username" }).fill("pia");
    await guest.page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    expect(await seriousFindings(guest.page)).toEqual([]);
    await guest.page.getByRole("button", { name: "Make an account and join" }).click();
    await guest.page.waitForURL(`**/projects/${slug}`);
    await guest.context.close();
    const late = await open("/join", null);
    await late.page.goto(link);
    await late.page.getByRole("alert").waitFor();
    await late.context.close();

    await page.reload();
    await page.getByRole("heading", { name: "pia" }).waitFor();
    await page.getByText(/Came by it: pia\./).waitFor();

    await page.getByRole("button", { name: "Give out texts" }).click();
    const giving = page.getByRole("form", { name: "Give out texts" });
    await giving.getByText("Give the task a name.").waitFor();
    await giving.getByRole("textbox", { name: "Name" }).fill("pilot");
    await giving.getByLabel("Who codes").first().click();
    await page.getByRole("option", { name: "nora" }).click();
    await page.getByRole("option", { name: "pia" }).click();
    await page.keyboard.press("Escape");
    await giving.getByRole("textbox", { name: "How many" }).fill("10");
    await giving.getByRole("button", { name: "Give them out" }).click();
    await page.getByText(/0 of 10 coded\. 10 texts, split between nora, pia\./).waitFor();

    await page.getByRole("button", { name: "People of pilot" }).click();
    await page.getByRole("row", { name: /^nora 0 5 never has not begun/ }).waitFor();
    await page.getByRole("button", { name: "Give the rest of nora to the others" }).click();
    await page.getByText("5 texts went to others.").waitFor();
    await page.getByRole("row", { name: /^pia 0 10/ }).waitFor();

    await page
      .getByRole("textbox", { name: "To everybody in the project" })
      .fill("Begin <b>now</b>");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Begin <b>now</b>").waitFor();

    await page.getByRole("textbox", { name: "What was done" }).fill("create task");
    await page.getByRole("row", { name: /create task scheme tone done/ }).waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as CSV" }).click();
    expect((await download).suggestedFilename()).toBe(`${slug}-audit.csv`);

    expect(await seriousFindings(page, "team")).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await seriousFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  },
);

it(
  "shows annotators who is there and what was written, and nothing to change",
  PATIENT,
  async () => {
    const nora = { ...here, username: "nora", password: PASSWORD };
    const { context, page } = await open(`/projects/${slug}/team`, nora);
    await page.getByRole("heading", { name: "nora" }).waitFor();
    await page.getByRole("button", { name: /I have read what/ }).click();
    await page.getByText("new", { exact: true }).waitFor({ state: "detached" });
    expect(await page.getByRole("heading", { name: "Audit log" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Take out/ }).count()).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    await context.close();
  },
);
