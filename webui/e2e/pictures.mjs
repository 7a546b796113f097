// Takes the pictures in the docs from a running demo: `make pictures`.
// BASE_URL, PASSWORD (root's) and FOLDER say where from and where to.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const { BASE_URL, PASSWORD, FOLDER, CHROMIUM } = process.env;
const SLUG = "demo-comments-to-a-town-council";
const ANSWERS = 14;
const SIMULATION = {
  name: "Which strategy for topics?",
  scheme: "coded-before",
  features: ["tfidf"],
  strategies: [{ name: "breaking-ties" }, { name: "typiclust" }, { name: "core-set" }],
  start: 10,
  batch: 10,
  rounds: 18,
  target: 0.8,
};

mkdirSync(FOLDER, { recursive: true });
const token = await signIn();
const simulated = await compute();
const browser = await chromium.launch({
  executablePath: CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
for (const colorScheme of ["light", "dark"]) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme,
  });
  const page = await context.newPage();
  const picture = (name) => page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png` });
  await page.goto(`${BASE_URL}/projects/${SLUG}/annotate/topic`);
  await page.getByLabel("Username").fill("root");
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await annotate(page);
  await picture("annotate");
  await page.goto(`${BASE_URL}/projects/${SLUG}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForTimeout(500);
  await picture("project");
  await page.goto(`${BASE_URL}/projects/${SLUG}/models/first`);
  await page.getByRole("heading", { name: "Calibration" }).waitFor();
  await page.waitForTimeout(500);
  await picture("model");
  await page.goto(`${BASE_URL}/projects/${SLUG}/learning/topic`);
  await page.getByRole("heading", { name: "What it believes now" }).waitFor();
  await page.waitForTimeout(500);
  await picture("guide");
  await page.keyboard.press("2");
  await page.getByText("Nothing stops by itself").waitFor();
  await page.waitForTimeout(500);
  await picture("stopping");
  await page.goto(`${BASE_URL}/projects/${SLUG}/learning/coded-before/simulations/${simulated.id}`);
  await page.getByRole("heading", { name: "Learning curves" }).waitFor();
  await page.waitForTimeout(500);
  await picture("simulation");
  await page.goto(`${BASE_URL}/projects/${SLUG}/jobs`);
  await page.getByRole("list", { name: "Energy" }).waitFor();
  const running = await train(`boosting-${colorScheme}`, "gradient-boosting", { max_iter: 5000 });
  await page.keyboard.press("j");
  await page
    .getByRole("dialog")
    .getByText(/so far$/)
    .waitFor();
  await page.waitForTimeout(2500);
  await picture("jobs");
  await ask("DELETE", `jobs/${running.id}`);
  await over(running);
  await context.close();
}
await browser.close();

/** Give some answers, so that the guide has something to say. */
async function annotate(page) {
  const text = page.locator("[data-text-id]");
  await text.waitFor();
  for (let count = 0; count < ANSWERS; count += 1) {
    const id = await text.getAttribute("data-text-id");
    await page.keyboard.press(String(1 + (count % 6)));
    await page.waitForFunction(
      (old) => document.querySelector("[data-text-id]")?.dataset.textId !== old,
      id,
    );
  }
  await page.waitForTimeout(1500);
  await page.reload();
  await text.waitFor();
  await page.waitForTimeout(500);
}

/** Train a model on what the demo's authors coded, let it predict, and compare strategies. */
async function compute() {
  await ask("POST", `projects/${SLUG}/schemes`, { name: "coded-before", from_column: "topic" });
  await over(await train("first", "logistic", {}));
  await over(await ask("POST", `projects/${SLUG}/models/first/predictions`, {}));
  const simulation = await ask("POST", `projects/${SLUG}/simulations`, SIMULATION);
  await over(simulation);
  return simulation;
}

function train(name, component, params) {
  const what = { name, component, params, scheme: "coded-before", features: ["tfidf"] };
  return ask("POST", `projects/${SLUG}/models`, what);
}

/** Wait until a job has ended. */
async function over({ id }) {
  for (;;) {
    const { state } = await ask("GET", `jobs/${id}`);
    if (state !== "queued" && state !== "running") return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function ask(method, path, body) {
  const answer = await fetch(`${BASE_URL}/api/v1/${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function signIn() {
  const answer = await fetch(`${BASE_URL}/api/v1/auth/token`, {
    method: "POST",
    body: new URLSearchParams({ username: "root", password: PASSWORD }),
  });
  return (await answer.json()).access_token;
}
