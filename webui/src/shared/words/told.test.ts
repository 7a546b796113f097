import { afterEach, describe, expect, test } from "vitest";
import { teller } from "./told";
import { loadLanguage, told } from "./translate";

const say = teller(
  new Map([
    ["Seed", "Graine"],
    ["points", "point"],
    ["Expected `{{0}}` >= {{1}}", "Attendu : `{{0}}` >= {{1}}"],
    ["The filter cannot be used: {{0}}", "Filtre inutilisable : {{0}}"],
    ["{{0}} cannot be read: {{1}}", "{{0}} est illisible : {{1}}"],
    ["It rose by {{0}} to {{1}}.", "Hausse de {{0}}, à {{1}}."],
    ["Take {{0}} of {{1}}.", "De {{1}}, prenez {{0}}."],
  ]),
  (value, decimals) => value.toFixed(decimals).replace(".", ","),
);

describe("what the server says", () => {
  test.each([
    ["Seed", "Graine"],
    ["Seed of a plugin from elsewhere", "Seed of a plugin from elsewhere"],
    // A value keeps its place, wherever the language puts it, and is no pattern.
    ["Take $1 of (a|b).", "De (a|b), prenez $1."],
    // A message in another one, and behind the place that it is about.
    [
      "The filter cannot be used: 'x' cannot be read: y",
      "Filtre inutilisable : 'x' est illisible : y",
    ],
    ["params.dim: Expected `int` >= 2", "params.dim: Attendu : `int` >= 2"],
    // The message with the most words of its own is the one that is meant.
    ["The filter cannot be used: a cannot be read", "Filtre inutilisable : a cannot be read"],
    ["It rose by 1.5 points to 12,345.", "Hausse de 1,5 point, à 12345."],
    ["Take 'a' of 'b'. It rose by 2 to 3.", "De 'b', prenez 'a'. Hausse de 2, à 3."],
    ["Take 'a' of 'b'. Said by nobody here.", "De 'b'. Said by nobody here, prenez 'a'."],
  ])("%s", (english, french) => {
    expect(say(english)).toBe(french);
  });

  test("is left in English by a language that has nothing of it", () => {
    expect(teller(new Map(), String)("Seed")).toBe("Seed");
  });
});

describe("in French", () => {
  afterEach(() => loadLanguage("en"));

  test("components, their fields and problems are told", async () => {
    await loadLanguage("fr");
    expect(told("Random forest")).toBe("Forêt aléatoire");
    expect(told("Learning rate")).toBe("Taux d’apprentissage");
    expect(told("The project has no model 'm'; choose among a, b.")).toBe(
      "Le projet n’a pas de modèle 'm'\u202f; choisissez parmi a, b.",
    );
    expect(
      told(
        "In the last 3 comparisons, at most 0.5 % of the predictions changed; up to 1.0 % count as none.",
      ),
    ).toMatch(/au plus 0,5\s% des prédictions .* jusqu’à 1,0\s%/);
  });
});
