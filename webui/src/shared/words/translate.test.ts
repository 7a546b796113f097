import { afterEach, describe, expect, test } from "vitest";
import { language, languages, loadLanguage, phrase, t, wantedLanguage } from "./translate";

afterEach(() => loadLanguage("en"));

describe("t", () => {
  test("says a sentence without an entry as it is written", () => {
    expect(t("Where is it: here. Or there.")).toBe("Where is it: here. Or there.");
  });

  test("puts values in their places, numbers as the language writes them", async () => {
    const sentence = "{{name}} of {{size}}";
    expect(t(sentence, { name: "<b>", size: 12345.5 })).toBe("<b> of 12,345.5");
    await loadLanguage("fr");
    expect(t(sentence, { name: "<b>", size: 12345.5 })).toBe("<b> of 12\u202f345,5");
  });

  test("chooses the form that fits the number", async () => {
    expect(t("{{count}} texts", { count: 1 })).toBe("1 text");
    expect(t("{{count}} texts", { count: 12345 })).toBe("12,345 texts");
    await loadLanguage("fr");
    expect(t("{{count}} texts", { count: 0 })).toBe("0 texte");
    expect(t("{{count}} texts", { count: 1_000_000 })).toBe("1\u202f000\u202f000 de textes");
  });
});

test("a phrase keeps the elements' places", () => {
  const said = phrase("Texts of {{scheme}}.", { scheme: "stance" });
  expect(said).toHaveLength(3);
  expect([said[0], said[2]]).toEqual(["Texts of ", "."]);
});

test("English comes first, and a loaded language is the page's", async () => {
  expect(languages[0]).toBe("en");
  await loadLanguage("fr");
  expect(language()).toBe("fr");
  expect(document.documentElement.lang).toBe("fr");
});

test("the page is in the language that was chosen, if there is such a one", () => {
  expect(wantedLanguage()).toBe("en");
  localStorage.setItem("kodkod.language", "fr");
  expect(wantedLanguage()).toBe("fr");
  localStorage.setItem("kodkod.language", "../en");
  expect(wantedLanguage()).toBe("en");
  localStorage.clear();
});
