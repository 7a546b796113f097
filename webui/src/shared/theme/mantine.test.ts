import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";

const MANTINE = "node_modules/@mantine/core";
const ALWAYS = ["baseline", "default-css-variables", "global"];

/** The names that our sources import from Mantine. */
function imported(): string[] {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\./.test(file))
    .map((file) => readFileSync(join("src", file), "utf8"));
  return sources.flatMap((text) => namesIn(text, "@mantine/core"));
}

function namesIn(text: string, from: string): string[] {
  const pattern = new RegExp(`import \\{([^}]*)\\} from "${from}"`, "g");
  return [...text.matchAll(pattern)]
    .flatMap(([, names = ""]) => names.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "));
}

/** The style sheets of a component and of all that it is made of. */
function sheetsOf(file: string, seen: Set<string>, sheets: Set<string>): void {
  if (seen.has(file) || !existsSync(file)) return;
  seen.add(file);
  const [, sheet] = /([\w.]+)\.module\.mjs$/.exec(file) ?? [];
  if (sheet !== undefined) sheets.add(sheet);
  for (const [, other = ""] of readFileSync(file, "utf8").matchAll(/from\s*"(\.[^"]+)"/g)) {
    sheetsOf(normalize(join(dirname(file), other)), seen, sheets);
  }
}

it("has the styles of what is used, and no others", () => {
  const index = readFileSync(join(MANTINE, "esm/index.mjs"), "utf8");
  const places = new Map<string, string>();
  for (const [, names = "", file = ""] of index.matchAll(
    /import\s*\{([^}]*)\}\s*from\s*"([^"]+)"/g,
  )) {
    for (const name of names.split(",")) {
      places.set(name.trim().split(" as ").at(-1) ?? "", join(MANTINE, "esm", file));
    }
  }
  const sheets = new Set<string>();
  const used = imported();
  expect(used.length).toBeGreaterThan(10);
  for (const name of used) {
    const place = places.get(name);
    if (place === undefined) throw new Error(`Mantine's index has no ${name}.`);
    sheetsOf(place, new Set(), sheets);
  }
  const listed = [
    ...readFileSync("src/shared/theme/mantine.ts", "utf8").matchAll(/styles\/([\w-]+)\.css/g),
  ].map(([, name]) => name);
  expect(listed.toSorted()).toEqual([...ALWAYS, ...sheets].toSorted());
});
