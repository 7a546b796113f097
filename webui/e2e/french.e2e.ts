import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, seriousFindings, signIn, startBrowser } from "./browser";
import { Server } from "./server";
import { settings } from "./settings";

const here = settings();
const PATIENT = { timeout: 180_000 };
const LABELS = ["pluie", "neige"];
/** French is longer: these are the widths at which a page has other shapes. */
const WIDTHS = [1440, 1024, 390];

let browser: Browser;
let server: Server;
let slug: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), Server.signIn(here)]);
  const texts = Array.from(
    { length: 40 },
    (_, at) => `Le jour ${at} il y eut de la ${LABELS[at % 2]}`,
  );
  slug = await server.createProject("Météo", texts);
  await server.createScheme(slug, "temps", LABELS);
});
afterAll(() => browser?.close());

/** Look at a page in each width, and list what is wider than the window. */
async function wide(page: Page): Promise<number[]> {
  const found: number[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(200);
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) {
      found.push(width);
    }
  }
  return found;
}

it("speaks French of jobs, guides, forms and in notices, in every width", PATIENT, async () => {
  const context = await browser.newContext({ colorScheme: "dark" });
  context.setDefaultTimeout(40_000);
  const { page, errors } = await openPage(context, here);
  await page.goto(`${here.baseUrl}/projects/${slug}/jobs`);
  await signIn(page, here);
  await page.getByRole("button", { name: /^Account: / }).waitFor();
  await page.evaluate(() => localStorage.setItem("kodkod.language", "fr"));
  await page.reload();
  const findings: Record<string, string[]> = {};
  const overflows: Record<string, number[]> = {};
  const look = async (name: string) => {
    overflows[name] = await wide(page);
    findings[name] = await seriousFindings(page);
  };

  await page.getByRole("heading", { name: "Tâches et énergie" }).waitFor();
  await server.computeFeature(slug, "mots", {});
  const notices = page.getByRole("region", { name: "Avis" });
  await notices.getByText("Calculer la représentation mots : terminé").waitFor();
  await page.getByText(/^terminé en /).waitFor();
  await page.getByRole("button", { name: "Fixer un budget" }).click();
  await page.getByLabel("Wattheures que ses tâches peuvent consommer").fill("1234,5");
  await look("jobs");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await page.getByText(/consommés sur 1,2\skWh, soit/).waitFor();

  await page.goto(`${here.baseUrl}/projects/${slug}/learning/temps`);
  await page.getByRole("heading", { name: "Ce schéma n’a pas encore de guide" }).waitFor();
  await page.getByRole("button", { name: "Régler un guide" }).click();
  const form = page.getByRole("form", { name: "Régler un guide" });
  // The mode is the account's, and other steps have used it.
  await form.getByText("Simple", { exact: true }).click();
  await form.getByText(/^Choisi pour vous\s: .* apprend toutes les 10 annotations/).waitFor();
  await form.getByText("Expert", { exact: true }).click();
  // What the server says of components: of a strategy, of a model, and of a field.
  await form.getByText(/^Textes pour lesquels le guide hésite entre deux étiquettes/).waitFor();
  await form
    .getByText("Rapide et difficile à battre sur des plongements", { exact: false })
    .waitFor();
  await form.getByLabel("Itérations au plus").waitFor();
  await form.getByText("Nombre maximal d’itérations du solveur").waitFor();
  await look("guide");
  await form.getByText("Simple", { exact: true }).click();

  await page.goto(`${here.baseUrl}/projects/${slug}/learning/temps/stopping`);
  await page.getByRole("heading", { name: "Il n’y a encore rien pour en juger" }).waitFor();
  await look("stopping");
  await page.goto(`${here.baseUrl}/projects/${slug}/learning/temps/simulations`);
  await page.getByRole("button", { name: "Comparer des stratégies" }).click();
  await page.getByText(/^0 texte annoté\s: trop peu pour départager/).waitFor();
  await look("simulations");

  // And what it says of a request that it refuses.
  await page.goto(`${here.baseUrl}/projects/nulle-part`);
  await page.getByText("Il n’y a pas de projet 'nulle-part' parmi les vôtres.").waitFor();

  expect(overflows).toEqual({ jobs: [], guide: [], stopping: [], simulations: [] });
  expect(findings).toEqual({ jobs: [], guide: [], stopping: [], simulations: [] });
  expect(errors).toEqual([]);
  await context.close();
});
