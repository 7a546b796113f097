// Takes the pictures in the docs from a running demo: `make pictures`.
// BASE_URL, PASSWORD (root's) and FOLDER say where from and where to.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const { BASE_URL, PASSWORD, FOLDER, CHROMIUM } = process.env;
const ANNOTATE = "projects/demo-comments-to-a-town-council/annotate/topic";
const ANSWERS = 14;

mkdirSync(FOLDER, { recursive: true });
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
  await page.goto(`${BASE_URL}/${ANNOTATE}`);
  await page.getByLabel("Username").fill("root");
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  const text = page.locator("[data-text-id]");
  await text.waitFor();
  // Some answers, so that the guide has something to say.
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
  await page.screenshot({ path: `${FOLDER}/annotate-${colorScheme}.png` });
  await context.close();
}
await browser.close();
