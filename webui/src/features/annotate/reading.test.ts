import { expect, it } from "vitest";
import type { FeatureInfo, ModelInfo, SchemeInfo } from "@/api/schema";
import { readingEnd } from "./reading";

const guide = { features: ["f1"] } as SchemeInfo["guide"];
const feature = (id: string, characters: number | null) =>
  ({
    id,
    name: `feature ${id}`,
    window: characters === null ? null : { tokens: 256, characters },
  }) as FeatureInfo;
const model = (characters: number) =>
  ({ name: "tuned", training: { window: { tokens: 64, characters } } }) as ModelInfo;
const TEXT = "one two three four five six seven";

it("finds where the guide's feature ceases to read, at the end of a word", () => {
  const end = readingEnd(TEXT, guide, [feature("f0", 2), feature("f1", 10)], undefined);
  expect(end).toEqual({ who: "feature f1", tokens: 256, at: 13 });
  expect(TEXT.slice(0, end?.at)).toBe("one two three");
});

it("takes the one that reads least", () => {
  expect(readingEnd(TEXT, guide, [feature("f1", 20)], model(5))?.who).toBe("tuned");
});

it("marks nothing where all is read, or nobody tells", () => {
  expect(readingEnd("one two", guide, [feature("f1", 10)], undefined)).toBeNull();
  expect(readingEnd("one two three", guide, [feature("f1", 10)], undefined)).toBeNull();
  expect(readingEnd(TEXT, guide, [feature("f1", null)], undefined)).toBeNull();
  expect(readingEnd(TEXT, null, [feature("f1", 2)], undefined)).toBeNull();
});

it("cuts no character in half", () => {
  const text = "😀".repeat(50);
  expect(readingEnd(text, guide, [feature("f1", 21)], undefined)?.at).toBe(22);
});
