import { describe, expect, test } from "vitest";
import { answerOf, momentsOf, warningsIn } from "./answer";
import { anAnswer, aRow, figureOf } from "./testing";

describe("an answer", () => {
  test("is read from a job, also from one that has nothing to compare with", () => {
    const { counted: _, alone: __, ...old } = aRow("Energy", 0.3);
    const job = {
      params: { question: { kind: "mean-by-group", by: "year" }, estimator: "dsl" },
      result: { rows: [old], of: "the corpus", n_rows: 90, notes: [] },
    };
    const answer = answerOf(job);
    expect(answer).toMatchObject({ kind: "mean-by-group", by: "year", level: 0.95, n_rows: 90 });
    expect(answer?.rows[0]).toMatchObject({ counted: null, alone: null });
    expect(answerOf({ params: {}, result: null })).toBeNull();
    expect(answerOf({ params: {}, result: { rows: [] } })).toBeNull();
  });

  test("is over time where all groups are moments of one kind", () => {
    const over = (...groups: string[]) => {
      const [first, ...others] = groups.map((group) => ({ ...aRow("Energy", 0.3), group }));
      return momentsOf({ rows: first === undefined ? [aRow("x", 0)] : [first, ...others] });
    };
    expect([...(over("2001", "2003", "2002")?.values() ?? [])].map(({ x }) => x)).toEqual([
      2001, 2003, 2002,
    ]);
    expect(over("2001-02", "2001-03", "2001-04-05")?.get("2001-02")).toEqual({
      x: Date.UTC(2001, 1),
      dated: true,
    });
    expect(over("2001", "2002")).toBeNull();
    expect(over("2001", "2002", "later")).toBeNull();
    expect(over("2001", "2002", "2003-04")).toBeNull();
    expect(momentsOf(anAnswer())).toBeNull();
  });

  test("says each warning once, with what it is of", () => {
    const warned = (label: string, warning: string) => {
      const row = aRow(label, 0.3);
      return { ...row, estimate: { ...figureOf(0.3), warnings: [warning] } };
    };
    const answer = anAnswer({ rows: [warned("a", "few"), warned("b", "few"), warned("c", "bad")] });
    expect(warningsIn(answer)).toEqual([
      { warning: "few", of: ["a", "b"] },
      { warning: "bad", of: ["c"] },
    ]);
  });
});
