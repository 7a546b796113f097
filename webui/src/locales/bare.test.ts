import { expect, test } from "vitest";
import { bareWords } from "./bare.testing";
import { parsed } from "./testing";

const found = (text: string) => bareWords(parsed("page.tsx", text));

test.each([
  [`<p>Nothing yet</p>`, "Nothing yet"],
  [`<p>{none ? "Nothing yet" : null}</p>`, "Nothing yet"],
  [`<Field label="name" />`, "name"],
  [`<Field label={late ? "late" : label} />`, "late"],
  [`const WAYS = [{ value: "kind", label: "kind" }];`, "kind"],
  [`function said() { return "it is late"; }`, "it is late"],
  [`const said = \`took \${time}, \${cost}\`;`, "took §, §"],
  [`const said = \`\${name}: \${value}\`;`, "§: §"],
  [`const said = parts.join("; ");`, "; "],
  [`const word = live === 0 ? "Jobs" : null;`, "Jobs"],
  [`throw new Problem(409, "Code both again.");`, "Code both again."],
])("finds what cannot be translated in %s", (text, words) => {
  expect(found(text)).toEqual([words]);
});

test.each([
  `<p className="one two" aria-labelledby="the id">{t("Nothing yet")}</p>`,
  `<p>{phrase("of {{name}}", { name: <b>kodkod</b> })}</p>`,
  `if (event.key === "Enter") run();`,
  `const amount = \`\${figure(wh)} Wh\`;`,
  `const key = ["project", "not by me"];`,
  `throw new Error("The table ends too early.");`,
  `type State = "being written" | "done";`,
])("leaves what machines read: %s", (text) => {
  expect(found(text)).toEqual([]);
});
