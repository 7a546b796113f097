import { describe, expect, it } from "vitest";
import { type Given, grouped, lacks, startsCold, suits } from "./strategies";
import { aStrategy, someStrategies } from "./testing";

const ALL: Given = { guide: true, embeddings: true, committee: true, llm: true };

function named(name: string) {
  const found = someStrategies.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no strategy ${name}`);
  return found;
}

it("sorts strategies into groups by what they declare", () => {
  const groups = grouped([...someStrategies].reverse());
  expect(
    groups.map(({ group, strategies }) => [group, strategies.map(({ name }) => name)]),
  ).toEqual([
    ["Uncertain", ["breaking-ties"]],
    ["Uncertain and different", ["badge"]],
    ["Covering the corpus", ["typiclust"]],
    ["Looking for a label", ["max-probability"]],
    ["Several labels a text", ["cvirs"]],
    ["Several opinions", ["llm-disagreement", "bald"]],
    ["Reviewing", ["label-errors"]],
    ["Without a model", ["random"]],
    ["Changing another strategy", ["rare-mix"]],
  ]);
});

it("leaves no strategy out, whatever it declares", () => {
  const odd = aStrategy("odd", { needs: ["something-new"] });
  expect(grouped([odd]).flatMap(({ strategies }) => strategies)).toEqual([odd]);
});

describe("a strategy", () => {
  it("says what it lacks", () => {
    expect(someStrategies.map((each) => lacks(each, ALL))).toEqual(someStrategies.map(() => null));
    expect(lacks(named("badge"), { ...ALL, embeddings: false })).toMatch(/not sparse/);
    expect(lacks(named("bald"), { ...ALL, committee: false })).toMatch(/ensemble/);
    expect(lacks(named("llm-disagreement"), { ...ALL, llm: false })).toMatch(/LLM/);
    expect(lacks(named("breaking-ties"), { ...ALL, guide: false })).toBe("needs a guide");
    const nothing = { guide: false, embeddings: false, committee: false, llm: false };
    expect(lacks(named("random"), nothing)).toBeNull();
  });

  it("is for some schemes or for all", () => {
    expect(suits(named("cvirs"), "multiclass")).toBe(false);
    expect(suits(named("cvirs"), "multilabel")).toBe(true);
    expect(suits(named("random"), "multiclass")).toBe(true);
  });

  it("can begin cold where it reads no labels", () => {
    const cold = someStrategies.filter(startsCold).map(({ name }) => name);
    expect(cold).toEqual(["random", "typiclust"]);
  });
});
