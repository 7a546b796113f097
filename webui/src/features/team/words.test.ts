import { describe, expect, it } from "vitest";
import type { TaskInfo, TaskPerson } from "@/api/schema";
import {
  BLANK_TASK,
  dealWords,
  idsOf,
  invitationLink,
  operationWords,
  personWords,
  targetWords,
  taskFault,
  taskOf,
  taskWords,
} from "./words";

const DRAFT = { ...BLANK_TASK, name: " pilot ", assignees: ["anna", "otto"] };

const TASK: TaskInfo = {
  id: "a",
  name: "pilot",
  instructions: "",
  deal: { how: "overlap", share: 0.2, k: 2, seed: 0, shares: null },
  order: "random",
  blind: true,
  hide_predictions: false,
  only: false,
  n_texts: 100,
  assigned: 120,
  coded: 30,
  people: ["anna", "otto"],
  deadline: null,
  late: false,
  closed_at: null,
  created_by: "mara",
  created_at: "2026-11-26T12:00:00Z",
};

const PERSON: TaskPerson = {
  username: "anna",
  assigned: 60,
  coded: 20,
  left: 40,
  skipped: 0,
  seconds_median: 12,
  last_at: "2026-11-26T12:00:00Z",
  expected_end: null,
  late: false,
  member: true,
  abandoned: false,
};

describe("a task's draft", () => {
  it("says what is missing, one thing at a time", () => {
    expect(taskFault(BLANK_TASK)).toBe("Give the task a name.");
    expect(taskFault({ ...DRAFT, assignees: [] })).toBe("Choose who is to code.");
    expect(taskFault({ ...DRAFT, choose: "ids", ids: " ,\n" })).toBe("Paste the ids of texts.");
    expect(taskFault({ ...DRAFT, how: "overlap", k: 3 })).toContain("only 2 are chosen");
    expect(taskFault({ ...DRAFT, how: "overlap", k: 3, assignees: ["group:all"] })).toBeNull();
    expect(taskFault(DRAFT)).toBeNull();
  });

  it("becomes what the server takes", () => {
    expect(taskOf(DRAFT)).toMatchObject({
      name: "pilot",
      texts: { n: 100, split: "train" },
      order: "random",
      deadline: null,
    });
    expect(taskOf({ ...DRAFT, choose: "share", share: 25 }).texts).toEqual({
      share: 0.25,
      split: "train",
    });
    const named = taskOf({ ...DRAFT, choose: "ids", ids: "b, a\na" });
    expect([named.texts, named.order]).toEqual([{ ids: ["b", "a"] }, "given"]);
  });

  it("ends a deadline with its day, where the manager is", () => {
    const deadline = taskOf({ ...DRAFT, deadline: "2026-12-01" }).deadline;
    expect(new Date(deadline ?? "").getHours()).toBe(23);
  });
});

describe("words", () => {
  it("says how a task stands", () => {
    expect(taskWords(TASK)).toBe("30 of 120 coded.");
    expect(taskWords({ ...TASK, late: true })).toBe("30 of 120 coded. It is late.");
    expect(taskWords({ ...TASK, coded: 120 })).toBe("Done: all 120 coded.");
    expect(taskWords({ ...TASK, closed_at: "2026-11-26T12:00:00Z" })).toContain("Closed");
    expect(dealWords(TASK)).toBe("100 texts for anna, otto, 20 % of them coded by 2");
  });

  it("says what is to be said of a person", () => {
    expect(personWords(PERSON)).toContain("under way");
    expect(personWords({ ...PERSON, left: 0 })).toBe("done");
    expect(personWords({ ...PERSON, last_at: null })).toBe("has not begun");
    expect(personWords({ ...PERSON, abandoned: true })).toBe("seems to have abandoned it");
    expect(personWords({ ...PERSON, member: false })).toBe("has left the project");
  });

  it("keeps an invitation's token out of what servers see", () => {
    const link = new URL(invitationLink("https://kodkod.example", "secret"));
    expect([link.pathname, link.hash]).toEqual(["/join", "#secret"]);
  });

  it("reads ids and operations", () => {
    expect(idsOf("a;b\n\n c")).toEqual(["a", "b", "c"]);
    expect(operationWords("change_scheme")).toBe("change scheme");
    expect(targetWords({ target: { slug: "p", scheme: "stance" } })).toBe("scheme stance");
  });
});
