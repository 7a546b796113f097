import { expect, it } from "vitest";
import { typeset } from "./typography";

it("lets no French line begin with a sign that belongs to the word before it", () => {
  expect(typeset("fr", "Est-ce « vrai » ? Oui : à 40 % ; c'est sûr !")).toBe(
    "Est-ce «\u00a0vrai\u00a0»\u202f? Oui\u00a0: à 40\u00a0%\u202f; c\u2019est sûr\u202f!",
  );
});

it("keeps French numbers and their units together", () => {
  expect(typeset("fr", "0,4 Wh et 2 g CO₂e en {{n}} min, 3 groupes")).toBe(
    "0,4\u00a0Wh et 2\u00a0g CO₂e en {{n}}\u00a0min, 3 groupes",
  );
});

it("leaves other signs, and other languages, as they are", () => {
  expect(typeset("fr", "Regardez http://a.org, 12:30.")).toBe("Regardez http://a.org, 12:30.");
  expect(typeset("en", "It's “so” ; or not ?")).toBe("It's “so” ; or not ?");
});
