import { beforeEach, expect, it } from "vitest";
import { type Entry, found, noteRecent, recentOf } from "./entries";

const entry = (title: string, section = "Here"): Entry => ({
  id: title,
  title,
  section,
  key: null,
  run: () => undefined,
});

const ALL = [
  entry("Explore", "Climate"),
  entry("Réglages", "Climate"),
  entry("Skip", "This text"),
  entry("Take back", "This text"),
];

const titles = (typed: string, recent: readonly string[] = []) =>
  found(ALL, typed, recent).map(({ title }) => title);

beforeEach(() => localStorage.clear());

it("lists all there is, the recent first", () => {
  expect(titles("")).toEqual(["Explore", "Réglages", "Skip", "Take back"]);
  expect(titles("", ["Skip", "Réglages"])).toEqual(["Skip", "Réglages", "Explore", "Take back"]);
});

it("finds by words of title and section, whatever the accents", () => {
  expect(titles("reglages")).toEqual(["Réglages"]);
  expect(titles("text back")).toEqual(["Take back"]);
  expect(titles("climate")).toEqual(["Explore", "Réglages"]);
  expect(titles("climate nothing")).toEqual([]);
});

it("prefers a title that begins so to one that has it inside, however recent", () => {
  const entries = [entry("Unskip"), entry("To skip"), entry("Skip")];
  expect(found(entries, "skip", ["Unskip"]).map(({ title }) => title)).toEqual([
    "Skip",
    "To skip",
    "Unskip",
  ]);
});

it("remembers what somebody chose, each once, and forgets what is broken", () => {
  noteRecent("anna", "a");
  noteRecent("anna", "b");
  noteRecent("anna", "a");
  expect(recentOf("anna")).toEqual(["a", "b"]);
  expect(recentOf("rita")).toEqual([]);
  localStorage.setItem("kodkod.recent.anna", "{");
  expect(recentOf("anna")).toEqual([]);
});
