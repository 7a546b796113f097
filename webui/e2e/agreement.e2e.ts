import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const LABELS = ["rain", "snow", "hail"] as const;
const PATIENT = { timeout: 120_000 };
const POLL = { timeout: 40_000, interval: 200 };
const PASSWORD = "one of two who code";

let browser: Browser;
let server: Server;
let slug: string;
let ids: readonly string[];
let people: readonly { readonly username: string; readonly server: Server }[];

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  const texts = Array.from({ length: 20 }, (_, at) => `On day ${at} something fell`);
  slug = await server.createProject("Rain gauge", texts);
  await server.createScheme(slug, "fallen", LABELS);
  await server.createScheme(slug, "alone", LABELS);
  await server.changeScheme(slug, "fallen", { overlap: 2 });
  ids = await server.textIds(slug, "fallen");
  people = await Promise.all(
    ["ada", "ben"].map(async (name) => {
      const username = `${name}-${Date.now()}`;
      await server.createUser(username, PASSWORD);
      await server.putMember(slug, username);
      return { username, server: await Server.signIn({ ...here, username, password: PASSWORD }) };
    }),
  );
  const [ada, ben] = both();
  const said = ids.map((id, at) => ({ id, value: LABELS[at % 3] ?? "rain" }));
  await ada.server.say(slug, "fallen", said);
  // On the first four texts ben says something else.
  await ben.server.say(
    slug,
    "fallen",
    said.map(({ id }, at) => ({
      id,
      value: LABELS[(at < 4 ? at + 1 : at) % 3],
      comment: `c${at}`,
    })),
  );
});
afterAll(() => browser?.close());

function both() {
  const [ada, ben] = people;
  if (ada === undefined || ben === undefined) throw new Error("two people code");
  return [ada, ben] as const;
}

async function open(path: string, colorScheme: "light" | "dark" = "light") {
  const context = await browser.newContext({ colorScheme });
  context.setDefaultTimeout(40_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}${path}`);
  await signIn(watched.page, here);
  return { context, ...watched };
}

function left(): Promise<number> {
  return server.disagreements(slug, "fallen").then((items) => items.length);
}

it("decides by keys, sees votes that changed meanwhile, and takes back", PATIENT, async () => {
  const { context, page, errors, foreign } = await open(`/projects/${slug}`);
  const [ada, ben] = both();
  await page.getByRole("link", { name: "Agreement", exact: true }).click();
  const queue = page.getByRole("navigation", { name: "Disagreements, the most severe first" });
  const desk = page.getByRole("region", { name: "The text and what people say of it" });
  await queue.getByRole("button").first().waitFor();
  expect(await queue.getByRole("button").count()).toBe(4);
  await desk.getByText(ada.username).waitFor();
  await desk.getByText(ben.username).waitFor();
  expect(await seriousFindings(page, "agreement")).toEqual([]);

  // A comment, then a digit.
  const first = await desk.getByRole("article").getAttribute("data-text-id");
  await page.keyboard.press("c");
  await page.keyboard.type("It was cold.");
  await page.keyboard.press("Enter");
  await page.keyboard.press("2");
  await page.getByText("1 text decided just now.").waitFor();
  await vi.waitUntil(async () => (await left()) === 3, POLL);
  const [decided] = await server.disagreements(slug, "fallen", "yes");
  expect(decided?.id).toBe(first);
  expect(decided?.adjudications[0]).toMatchObject({ value: "snow", comment: "It was cold." });

  // A vote that changes while the text is in front is shown, and no key decides past it.
  const front = (await desk.getByRole("article").getAttribute("data-text-id")) ?? "";
  const now = (await server.disagreements(slug, "fallen")).find(({ id }) => id === front);
  const votes = now?.votes.map(({ value }) => value) ?? [];
  const other = LABELS.find((label) => !votes.includes(label)) ?? "";
  await ben.server.say(slug, "fallen", [{ id: front, value: other, comment: "I was wrong" }]);
  await page.keyboard.press("1");
  await desk.getByText("Look at it again, then decide").waitFor();
  await desk.getByText(`${ben.username} now says ${other}; before:`).waitFor();
  expect(await left()).toBe(3);
  await desk.getByRole("button", { name: "I have seen it" }).click();
  await desk.getByRole("button", { name: `Take what ${ben.username} says: ${other}` }).click();
  await vi.waitUntil(async () => (await left()) === 2, POLL);

  await page.getByText("2 texts decided just now.").waitFor();
  await page.keyboard.press("u");
  await vi.waitUntil(async () => (await left()) === 3, POLL);
  await page.getByText("1 text decided just now.").waitFor();
  expect(await desk.getByRole("article").getAttribute("data-text-id")).toBe(front);

  // What was decided before is found and taken back.
  await page.getByText("Decided", { exact: true }).click();
  await desk.getByText("decided snow").waitFor();
  await desk.getByText("It was cold.").waitFor();
  await page.keyboard.press("x");
  await page.getByText("Nothing was decided yet.").waitFor();
  expect(await left()).toBe(4);
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it(
  "accepts suggestions together once it was said how many, and takes all back",
  PATIENT,
  async () => {
    const { context, page, errors } = await open(
      `/projects/${slug}/agreement?by=dawid-skene`,
      "dark",
    );
    await page.getByRole("button", { name: "Accept suggestions…" }).click();
    const form = page.getByRole("form", { name: "Accept suggestions" });
    await form.getByRole("textbox", { name: "Confidence of at least, in %" }).fill("1");
    await form.getByRole("button", { name: "Count them" }).click();
    await form.getByText(/^\d+ texts? (have|has) such a suggestion\.$/).waitFor();
    expect(await seriousFindings(page, "adjudicate")).toEqual([]);
    const before = await left();
    await form.getByRole("button", { name: /^Decide \d+ texts? so$/ }).click();
    await form.getByText(/are decided\.|is decided\./).waitFor();
    expect(await left()).toBeLessThan(before);
    await form.getByRole("button", { name: "Take all of it back" }).click();
    await form.getByText(/taken back\.$/).waitFor();
    expect(await left()).toBe(before);
    expect(errors).toEqual([]);
    await context.close();
  },
);

it("discusses a text, mentions somebody, and hears of answers", PATIENT, async () => {
  const [ada, ben] = both();
  const [first, second] = await server.disagreements(slug, "fallen");
  if (first === undefined || second === undefined) throw new Error("two texts are left");
  await ada.server.startThread(slug, "fallen", second.id, "Sleet counts as **snow**, no?");
  const { context, page, errors } = await open(`/projects/${slug}/agreement`);
  const queue = page.getByRole("navigation", { name: "Disagreements, the most severe first" });
  const talk = page.getByRole("complementary", { name: "Discussion" });
  await queue.getByText("1 new post").waitFor();
  await talk.getByText("Nobody has said anything").waitFor();
  await page.keyboard.press("d");
  await page.keyboard.type(`What fell, @${ben.username.slice(0, 4)}`);
  await page.getByRole("option", { name: `@${ben.username}` }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Enter");
  await talk.getByRole("listitem").getByText(`What fell, @${ben.username}`).waitFor();
  const [mine] = await server.threads(slug, first.id);
  expect(mine?.posts[0]?.text).toBe(`What fell, @${ben.username}`);

  await talk.getByRole("button", { name: "Edit" }).click();
  await talk.getByRole("textbox", { name: "Change what you said" }).fill("What fell?");
  await talk.getByRole("button", { name: "Save" }).click();
  await talk.getByText("edited").waitFor();

  // What others have said is new once, and read then.
  await queue.getByText("1 new post").click();
  await talk.locator("strong", { hasText: "snow" }).waitFor();
  await talk.getByText("new", { exact: true }).waitFor();
  await queue.getByText("1 new post").waitFor({ state: "detached" });
  expect((await server.threads(slug, second.id))[0]?.unread).toBe(0);
  await talk.getByRole("button", { name: "Resolve" }).click();
  await talk.getByText(`${here.username} has resolved this.`).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});

it(
  "shows who agrees with whom, and says what to do where nobody codes twice",
  PATIENT,
  async () => {
    const [ada, ben] = both();
    const { context, page, errors, foreign } = await open(`/projects/${slug}/agreement`);
    await page.getByRole("link", { name: "How far they agree" }).click();
    await page.getByText(/^Coders agree .*on 20 texts with two coders or more\.$/).waitFor();
    await page.getByRole("list", { name: "Coefficients" }).waitFor();
    const cell = page.getByRole("link", { name: `${ada.username} with ${ben.username}` });
    expect(await cell.textContent()).toMatch(/^0\.\d\d$/);
    expect(await seriousFindings(page)).toEqual([]);
    await cell.click();
    const queue = page.getByRole("navigation", { name: "Disagreements, the most severe first" });
    await queue.getByRole("button").first().waitFor();
    expect(await queue.getByRole("button").count()).toBe(4);

    await page.getByRole("navigation", { name: "Schemes" }).getByText("alone").click();
    await page.getByText("No text has two coders yet, so nobody can disagree.").waitFor();
    await page.getByRole("link", { name: "How far they agree" }).click();
    await page.getByText("No text has two coders yet, so there is no agreement").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  },
);
