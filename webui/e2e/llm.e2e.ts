import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const LABELS = ["rain", "snow"];
const PATIENT = { timeout: 120_000 };
const POLL = { timeout: 40_000, interval: 200 };

let browser: Browser;
let server: Server;
let endpoint: HttpServer;
let slug: string;
/** How often the endpoint was asked about a text. */
let asked = 0;

beforeAll(async () => {
  endpoint = createServer((request, response) => {
    void bodyOf(request).then((sent) => {
      response.setHeader("Content-Type", "application/json");
      response.statusCode = request.url?.endsWith("/chat/completions") ? 200 : 404;
      response.end(JSON.stringify(answer(sent)));
    });
  }).listen(0, "127.0.0.1");
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  slug = await server.createProject("Forecast", texts());
  await server.createScheme(slug, "sky", LABELS);
  await server.annotate(slug, "sky", (text) => (text.includes("rain") ? "rain" : "snow"));
});
afterAll(async () => {
  await browser?.close();
  endpoint?.close();
});

function texts(): string[] {
  return Array.from({ length: 40 }, (_, at) => `On day ${at} there was ${LABELS[at % 2]} <b>again`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** Say "rain" of everything that a schema allows to be answered, right or wrong. */
function answer(sent: string): object {
  if (!sent.includes("messages")) return { error: { message: "no such address" } };
  const { response_format } = JSON.parse(sent);
  const properties = response_format?.json_schema?.schema?.properties ?? {};
  if (sent.includes("On day")) asked += 1;
  const label = properties.label?.enum?.includes("rain") ? "rain" : properties.label?.enum?.[0];
  const content = JSON.stringify(
    "justification" in properties ? { justification: "Wet.", label } : { label },
  );
  return {
    id: "c",
    object: "chat.completion",
    created: 1,
    model: "small",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
    usage: { prompt_tokens: 20, completion_tokens: 4, total_tokens: 24 },
  };
}

it("writes a prompt, asks a model, judges it and lets its answers count", PATIENT, async () => {
  const context = await browser.newContext();
  const { page, errors, foreign } = await openPage(context, here);
  context.setDefaultTimeout(40_000);
  const findings: Record<string, string[]> = {};
  await page.goto(`${here.baseUrl}/projects/${slug}`);
  await signIn(page, here);
  await page.getByRole("link", { name: "Language models" }).click();

  await page.getByRole("button", { name: "New prompt" }).click();
  const editor = page.getByRole("form", { name: "New prompt" });
  await editor.getByLabel("Name").fill("code");
  await editor.getByRole("button", { name: "Preview" }).click();
  const preview = editor.getByRole("region", { name: "Preview" });
  await preview
    .getByText(/On day \d+ there was/)
    .first()
    .waitFor();
  findings.prompt = await seriousFindings(page, "llm-prompt");
  await editor.getByRole("button", { name: "Save prompt" }).click();
  await page.getByText("for sky, 1 version").waitFor();

  await page.getByRole("button", { name: "Open code" }).click();
  const again = page.getByRole("form", { name: "code" });
  const system = again.getByLabel("What the model is told first");
  await system.fill(`${await system.inputValue()}\nDecide quickly.`);
  await again.getByRole("button", { name: "Save version 2" }).click();
  await page.getByText("for sky, 2 versions").waitFor();

  await page.getByRole("button", { name: "New labelling" }).click();
  const making = page.getByRole("form", { name: "New labelling" });
  await making.getByLabel("Name").fill("small");
  await making.getByRole("textbox", { name: /^Model/ }).fill("small");
  const { port } = endpoint.address() as AddressInfo;
  await making.getByLabel(/^Base url/i).fill(`http://127.0.0.1:${port}/v1`);
  findings.labelling = await seriousFindings(page);
  await making.getByRole("button", { name: "Make it" }).click();

  const asking = page.getByRole("form", { name: "Ask the model" });
  await asking.getByRole("combobox", { name: "About the texts" }).click();
  await page.getByRole("option", { name: "to code" }).click();
  await asking.getByLabel("How many at random").fill("10");
  await asking.getByRole("button", { name: "What would it take?" }).click();
  await asking.getByText(/^10 texts to ask/).waitFor();
  await asking.getByText(/^Guessed from the texts' lengths/).waitFor();
  await asking.getByRole("button", { name: "Ask", exact: true }).click();

  await page.getByText(/^It agrees with people on \d+ %/).waitFor();
  await vi.waitUntil(() => asked >= 10, POLL);
  await page
    .getByText(/On day \d+ there was \w+ <b>again/)
    .first()
    .waitFor();
  expect(await page.locator("[data-differs]").count()).toBeGreaterThan(0);
  findings.answers = await seriousFindings(page, "llm-answers");

  // A cell of what was called what lists its texts, which can be corrected, and that taken back.
  await page.getByRole("button", { name: /^\d+ texts? that people call snow/ }).click();
  await page.getByText("People call these snow, the model rain.").waitFor();
  await page.getByRole("button", { name: "The model is right: rain" }).first().click();
  await page.getByText("One text is rain now, as you say.").waitFor();
  findings.corrected = await seriousFindings(page);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("One text is rain now, as you say.").waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Promote the answers" }).click();
  await page.getByText("10 answers count now.").waitFor();
  await page.getByRole("button", { name: "Take back" }).click();
  await page.getByText("10 answers count no longer.").waitFor();

  await page.getByRole("button", { name: "Delete this labelling…" }).click();
  await page.getByRole("button", { name: "Delete small" }).click();
  await page.getByText("Write a prompt first").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "New labelling" }).waitFor();
  expect(findings).toEqual({ prompt: [], labelling: [], answers: [], corrected: [] });
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it("keeps a key, and never shows it again", PATIENT, async () => {
  const context = await browser.newContext({ colorScheme: "dark" });
  const { page, errors } = await openPage(context, here);
  context.setDefaultTimeout(40_000);
  await page.goto(`${here.baseUrl}/projects/${slug}/llm`);
  await signIn(page, here);
  await page.getByRole("button", { name: "Store a key" }).click();
  const form = page.getByRole("form", { name: "Store a key" });
  await form.getByLabel("Name").fill("work");
  await form.getByLabel("Address").fill("https://api.example.org");
  await form.getByRole("textbox", { name: "Key" }).fill("sk-not-to-be-seen");
  await form.getByRole("button", { name: "Store it" }).click();
  await page.getByText("https://api.example.org").waitFor();
  expect(await page.content()).not.toContain("sk-not-to-be-seen");
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Delete the key work" }).click();
  await page.getByText("https://api.example.org").waitFor({ state: "detached" });
  expect(errors).toEqual([]);
  await context.close();
});
