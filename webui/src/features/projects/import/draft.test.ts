import { describe, expect, it } from "vitest";
import type { FileColumn, FilePreview } from "@/api/schema";
import { configOf, draftOf, faults, missing, nameOf, withRole } from "./draft";

function column(name: string, change: Partial<FileColumn> = {}): FileColumn {
  return {
    name,
    kind: "text",
    distinct: 3,
    longest: 10,
    missing: 0,
    missing_rows: [],
    repeated: 0,
    repeated_rows: [],
    examples: [],
    ...change,
  };
}

const preview: FilePreview = {
  n_rows: 3,
  columns: [column("key"), column("said"), column("side"), column("more")],
  rows: [],
  guess: {
    id_column: "key",
    text_columns: ["said"],
    label_columns: ["side"],
    context_columns: [],
  },
};
const draft = draftOf(preview, "my_letters 2.csv", "fr");

describe("a draft", () => {
  it("begins with the guess and a name for people", () => {
    expect(configOf(draft)).toEqual({
      name: "my letters 2",
      language: "fr",
      id_column: "key",
      text_columns: ["said"],
      label_columns: ["side"],
      context_columns: [],
      split: { valid: 0, test: 0, stratify_by: null },
      leave_out_faulty: false,
    });
    expect(nameOf(`${"x".repeat(200)}.xlsx`)).toHaveLength(100);
  });

  it("has one id at most", () => {
    const other = withRole(draft, "more", "id");
    expect(other.roles).toEqual({ key: "ignore", said: "text", side: "label", more: "id" });
  });

  it("forgets to keep proportions of a column that is left out", () => {
    const kept = { ...draft, stratify: "side" };
    expect(withRole(kept, "side", "context").stratify).toBe("side");
    expect(withRole(kept, "side", "ignore").stratify).toBe("");
    expect(withRole(kept, "more", "context").stratify).toBe("side");
  });

  it("says what it lacks", () => {
    expect(missing(draft)).toBeNull();
    expect(missing(withRole(draft, "said", "ignore"))).toBe("text");
    expect(missing({ ...draft, name: "  " })).toBe("name");
  });
});

describe("faults", () => {
  const columns = [
    column("key", { missing: 1, missing_rows: [2], repeated: 2, repeated_rows: [3, 4] }),
    column("said", { missing: 2, missing_rows: [1, 3] }),
    column("side", { missing: 3, missing_rows: [1, 2, 3] }),
    column("more"),
  ];

  it("are those of the columns that hold text and id", () => {
    expect(faults(columns, draft).map(({ kind, rows }) => [kind, rows])).toEqual([
      ["no-text", [1, 3]],
      ["no-id", [2]],
      ["id-again", [3, 4]],
    ]);
  });

  it("are left to the server where texts are joined of several columns", () => {
    const joined = withRole(withRole(draft, "more", "text"), "key", "ignore");
    expect(faults(columns, joined)).toEqual([]);
  });
});
