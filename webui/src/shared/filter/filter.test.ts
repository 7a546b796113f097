import { describe, expect, it } from "vitest";
import { added, operationsFor, type Subject } from "./adding";
import { chipsOf } from "./chips";
import { asked, readFilter, type TextFilter, withSample } from "./filter";

const year: Subject = { about: "column", name: "year", kind: "number" };
const people: Subject = { about: "person", names: ["anna"] };
const label: Subject = { about: "label", names: ["pro"] };
const prediction: Subject = { about: "prediction", names: ["pro"] };
const where = [{ column: "year", op: "ge" as const, value: 2000 }];
const region = { projection: "near", box: [0, 0, 1, 2] as [number, number, number, number] };

describe("an address", () => {
  it("is read into a filter, without what means nothing", () => {
    const filter = { regex: "2024", where, split: "test", sample: "tagged", by: "anna", region };
    expect(readFilter({ ...filter, regex: 2024, label: "", other: 1 }, "untagged")).toEqual(filter);
    expect(readFilter({ where: [{ column: "year", op: "like" }], split: "dev" }, "all")).toEqual(
      {},
    );
  });

  it("leaves out the sample that a page has anyway", () => {
    expect(readFilter({ sample: "all" }, "all")).toEqual({});
    expect(readFilter({ sample: "all" }, "untagged")).toEqual({ sample: "all" });
  });
});

describe("texts that were picked", () => {
  it("are asked for by their numbers, in their order, and are a chip", () => {
    const filter = readFilter({ rows: "7_2-3", split: "all" }, "untagged");
    expect(filter).toEqual({ rows: "7_2-3", split: "all" });
    expect(asked(filter, "untagged").filter).toEqual({ where: [], rows: [7, 2, 3] });
    expect(chipsOf(filter).map(({ words }) => words)).toEqual([
      "only 3 picked texts",
      "in every split",
    ]);
    expect(chipsOf(filter)[0]?.without).toEqual({ split: "all" });
    // One alone is a number in an address.
    expect(readFilter({ rows: 7 }, "all")).toEqual({ rows: "7" });
    expect(readFilter({ rows: "7,2", split: "all" }, "all")).toEqual({});
  });
});

describe("a condition", () => {
  const adding = (
    filter: TextFilter,
    subject: Subject,
    op: "contains" | "matches" | "ge",
    to: string,
  ) => added(filter, subject, op, to);

  it("looks through the text by words or by a pattern, one at a time", () => {
    expect(adding({}, { about: "text" }, "contains", " U.S. ")).toEqual({ regex: "(?i)U\\.S\\." });
    expect(adding({ regex: "a" }, { about: "text" }, "matches", " b$")).toEqual({ regex: " b$" });
    expect(adding({}, { about: "text" }, "contains", "  ")).toBeNull();
  });

  it("is of a column's kind, beside those that are there, and is there once", () => {
    const one = adding({ regex: "a" }, year, "ge", "2000");
    expect(one).toEqual({ regex: "a", where });
    expect(adding(one ?? {}, year, "ge", "2000")).toEqual(one);
    expect(adding({}, year, "ge", "soon")).toBeNull();
    expect(operationsFor(year)).toContain("lt");
    expect(operationsFor(people)).toEqual([]);
  });

  it("looks for people and labels among the coded texts, and for predictions among all", () => {
    const both = adding(adding({}, label, "contains", "pro") ?? {}, people, "contains", "anna");
    expect(both).toEqual({ sample: "tagged", label: "pro", by: "anna" });
    const predicted = adding(both ?? {}, prediction, "contains", "con");
    expect(predicted).toEqual({ sample: "predicted_as", label: "con" });
    expect(adding(predicted ?? {}, people, "contains", "anna")).toEqual({
      sample: "tagged",
      by: "anna",
    });
    expect(adding({ sample: "outdated" }, people, "contains", "anna")?.sample).toBe("outdated");
  });
});

describe("chips", () => {
  const filter: TextFilter = {
    regex: "(?i)tax",
    where,
    sample: "tagged",
    label: "pro",
    by: "anna",
  };

  it("read as what is asked for", () => {
    const words = chipsOf({ ...filter, split: "test", region }).map((chip) => chip.words);
    expect(words).toEqual([
      "containing “tax”",
      "labelled pro",
      "coded by anna",
      "in the split test",
      "in a region of the map near",
      "year at least 2000",
    ]);
    expect(chipsOf({ regex: "tax|duty" })[0]?.words).toBe("matching tax|duty");
  });

  it("can be taken away one by one", () => {
    const [text, said, , column] = chipsOf(filter);
    expect(text?.without).toEqual({ where, sample: "tagged", label: "pro", by: "anna" });
    expect(said?.without).toEqual({ regex: "(?i)tax", where, sample: "tagged", by: "anna" });
    expect(column?.without).toEqual({
      regex: "(?i)tax",
      sample: "tagged",
      label: "pro",
      by: "anna",
    });
    // A prediction goes with its sample.
    expect(chipsOf({ sample: "predicted_as", label: "pro" })[0]?.without).toEqual({});
  });
});

it("asks the server for coded texts where a person or a label is named", () => {
  expect(asked({ label: "pro" }, "untagged").sample).toEqual({
    kind: "tagged",
    labels: ["pro"],
    label: "pro",
  });
  expect(asked({ regex: "a", region }, "untagged")).toEqual({
    sample: { kind: "untagged" },
    filter: { regex: "a", where: [], region },
  });
});

it("another sample keeps of the filter what can be asked of it", () => {
  const filter: TextFilter = { regex: "a", sample: "tagged", label: "pro", by: "anna" };
  expect(withSample(filter, "outdated", "untagged")).toEqual({
    regex: "a",
    sample: "outdated",
    by: "anna",
  });
  expect(withSample(filter, "untagged", "untagged")).toEqual({ regex: "a" });
});
