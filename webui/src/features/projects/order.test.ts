import { expect, it } from "vitest";
import type { ProjectInfo } from "@/api/schema";
import { byActivity, lastActive, matching } from "./order";

const project = (slug: string, rest: Partial<ProjectInfo> = {}): ProjectInfo => ({
  slug,
  name: slug,
  language: "en",
  n_rows: 10,
  splits: { train: 10, valid: 0, test: 0 },
  text_columns: ["text"],
  label_columns: [],
  context_columns: [],
  created_by: "root",
  created_at: "2026-01-01T00:00:00Z",
  role: "manager",
  budget: null,
  archived_at: null,
  gone_at: null,
  progress: null,
  ...rest,
});

const active = (active_at: string | null) => ({
  progress: { schemes: [], members: 1, active_at, wh: 0 },
});

it("takes the last act, or the making where nothing was done since", () => {
  expect(lastActive(project("a", active("2026-03-01T00:00:00Z")))).toBe("2026-03-01T00:00:00Z");
  expect(lastActive(project("a", active("2025-03-01T00:00:00Z")))).toBe("2026-01-01T00:00:00Z");
  expect(lastActive(project("a"))).toBe("2026-01-01T00:00:00Z");
});

it("puts the newest activity first and the archive last", () => {
  const all = [
    project("old"),
    project("archived", { archived_at: "2026-05-01T00:00:00Z", ...active("2026-05-01T00:00:00Z") }),
    project("busy", active("2026-04-01T00:00:00Z")),
  ];
  expect(byActivity(all).map(({ slug }) => slug)).toEqual(["busy", "old", "archived"]);
});

it("finds by every word, whatever the accents and the case", () => {
  const all = [project("ecole", { name: "L’École en débat" }), project("climate")];
  expect(matching(all, "ecole DEBAT").map(({ slug }) => slug)).toEqual(["ecole"]);
  expect(matching(all, " ")).toHaveLength(2);
  expect(matching(all, "ecole snow")).toEqual([]);
});
