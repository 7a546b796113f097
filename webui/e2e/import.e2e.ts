import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { settings } from "./settings";

const here = settings();
const PATIENT = { timeout: 120_000 };
const ROWS = [
  "id,said,outlet,day,label",
  ...Array.from(
    { length: 30 },
    (_, at) =>
      `n${at},"On day ${at} the river rose, again",${at % 2 ? "Daily" : "Weekly"},2026-11-${String((at % 28) + 1).padStart(2, "0")},${at % 3 ? "wet" : "dry"}`,
  ),
];
const FAULTY = [...ROWS, "n3,Again the same id,Daily,2026-11-01,wet", "n77,,Daily,2026-11-01,wet"];

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

async function open(colorScheme: "light" | "dark") {
  const context = await browser.newContext({ colorScheme });
  context.setDefaultTimeout(40_000);
  const watched = await openPage(context, here);
  await watched.page.goto(`${here.baseUrl}/`);
  await signIn(watched.page, here);
  await watched.page.getByRole("link", { name: "New project" }).click();
  return { context, ...watched };
}

function csv(name: string, lines: readonly string[]) {
  return { name, mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) };
}

it("looks into a file, names faulty rows, and makes a project without them", PATIENT, async () => {
  const { context, page, errors, foreign } = await open("light");
  await page.locator('input[type="file"]').setInputFiles(csv("river_news.csv", FAULTY));
  await page.getByText("32 rows and 5 columns.").waitFor();
  const role = (column: string) => page.getByRole("combobox", { name: `What ${column} is for` });
  expect(await role("said").inputValue()).toBe("text");
  expect(await role("outlet").inputValue()).toBe("context");
  expect(await role("label").inputValue()).toBe("label");
  // The id is no id as it stands: it comes twice. Whoever says that it is one sees the rows.
  await role("id").selectOption("id");
  await page.getByText("1 row has an id in id that stood before: row 31.").waitFor();
  await page.getByText("1 row has no text in said: row 32.").waitFor();
  const create = page.getByRole("button", { name: "Create the project" });
  expect(await create.isDisabled()).toBe(true);
  expect(await seriousFindings(page)).toEqual([]);

  await page.getByRole("checkbox", { name: "Leave these rows out" }).check();
  expect(await page.getByRole("textbox", { name: "Name", exact: true }).inputValue()).toBe(
    "river news",
  );
  await page.getByRole("textbox", { name: "Kept to test" }).fill("10");
  await page.getByRole("combobox", { name: "Keep the proportions of" }).selectOption("label");
  await create.click();
  await page.getByRole("heading", { name: "river news" }).waitFor();
  await page.getByText("30 texts: 20 to code, 10 to test.").waitFor();
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
});

it(
  "takes a spreadsheet that is dropped, and says what is wrong with one that is none",
  PATIENT,
  async () => {
    const { context, page, errors } = await open("dark");
    const drop = async (name: string, content: Buffer) => {
      const transfer = await page.evaluateHandle(
        ([file, bytes]) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(bytes)], file));
          return data;
        },
        [name, [...content]] as const,
      );
      await page.dispatchEvent("h1", "drop", { dataTransfer: transfer });
    };
    await drop("broken.xlsx", Buffer.from("no spreadsheet"));
    await page.getByRole("alert").waitFor();
    await drop("letters.xlsx", readFileSync(new URL("letters.xlsx", import.meta.url)));
    await page.getByText("2 rows and 2 columns.").waitFor();
    await page.getByRole("cell", { name: "Dear Sir, the harvest was good." }).waitFor();
    expect(await seriousFindings(page, "import")).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  },
);
