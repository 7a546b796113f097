import type { FileColumn, FilePreview, ProjectConfig } from "@/api/schema";

/** What a column is for. */
export type Role = "text" | "id" | "label" | "context" | "ignore";

export const ROLES: readonly Role[] = ["text", "id", "label", "context", "ignore"];

/** What somebody wants of a file. */
export interface Draft {
  readonly name: string;
  readonly language: string;
  readonly roles: Readonly<Record<string, Role>>;
  readonly valid: number;
  readonly test: number;
  /** A column whose proportions the parts of the corpus keep; "" for none. */
  readonly stratify: string;
  readonly leaveOut: boolean;
}

/** Rows that keep a file from being imported as it is. */
export interface Fault {
  readonly kind: "no-text" | "no-id" | "id-again";
  readonly column: string;
  readonly count: number;
  /** The first of them, counted from 1 without the header. */
  readonly rows: readonly number[];
}

/** Begin with what the server guesses. */
export function draftOf(preview: FilePreview, fileName: string, language: string): Draft {
  const { id_column, text_columns, label_columns, context_columns } = preview.guess;
  const role = (column: string): Role => {
    if (column === id_column) return "id";
    if (text_columns.includes(column)) return "text";
    if (label_columns.includes(column)) return "label";
    return context_columns.includes(column) ? "context" : "ignore";
  };
  return {
    name: nameOf(fileName),
    language,
    roles: Object.fromEntries(preview.columns.map(({ name }) => [name, role(name)])),
    valid: 0,
    test: 0,
    stratify: "",
    leaveOut: false,
  };
}

/** Make a name for people of a file's name. */
export function nameOf(fileName: string): string {
  const plain = fileName
    .replace(/\.[^.]+$/, "")
    .replaceAll(/[_\s]+/g, " ")
    .trim();
  return plain.slice(0, 100);
}

/** Give a column a role; there is one id, so another that was it is ignored then. */
export function withRole(draft: Draft, column: string, role: Role): Draft {
  const roles = Object.fromEntries(
    Object.entries(draft.roles).map(([name, had]) =>
      role === "id" && had === "id" ? [name, "ignore" as const] : [name, had],
    ),
  );
  const stratify = role === "label" || role === "context" ? draft.stratify : "";
  return {
    ...draft,
    roles: { ...roles, [column]: role },
    stratify: draft.stratify === column ? stratify : draft.stratify,
  };
}

export function columnsWith(draft: Draft, role: Role): readonly string[] {
  return Object.keys(draft.roles).filter((name) => draft.roles[name] === role);
}

/** Find what keeps the rows from being texts, by the roles that the columns have. */
export function faults(columns: readonly FileColumn[], draft: Draft): readonly Fault[] {
  const found: Fault[] = [];
  const texts = columns.filter(({ name }) => draft.roles[name] === "text");
  // Of several text columns one may be empty: which rows have none at all the server knows.
  const [only] = texts;
  if (texts.length === 1 && only !== undefined && only.missing > 0) {
    found.push(fault("no-text", only, only.missing, only.missing_rows));
  }
  const id = columns.find(({ name }) => draft.roles[name] === "id");
  if (id !== undefined && id.missing > 0) {
    found.push(fault("no-id", id, id.missing, id.missing_rows));
  }
  if (id !== undefined && id.repeated > 0) {
    found.push(fault("id-again", id, id.repeated, id.repeated_rows));
  }
  return found;
}

function fault(
  kind: Fault["kind"],
  { name }: FileColumn,
  count: number,
  rows: readonly number[],
): Fault {
  return { kind, column: name, count, rows };
}

/** Say why there can be no project yet, or null. */
export function missing(draft: Draft): "text" | "name" | null {
  if (columnsWith(draft, "text").length === 0) return "text";
  return draft.name.trim() === "" ? "name" : null;
}

/** Write the draft as the server takes it. */
export function configOf(draft: Draft): ProjectConfig {
  return {
    name: draft.name.trim(),
    language: draft.language,
    id_column: columnsWith(draft, "id")[0] ?? null,
    text_columns: [...columnsWith(draft, "text")],
    label_columns: [...columnsWith(draft, "label")],
    context_columns: [...columnsWith(draft, "context")],
    split: {
      valid: draft.valid,
      test: draft.test,
      stratify_by: draft.stratify === "" ? null : draft.stratify,
    },
    leave_out_faulty: draft.leaveOut,
  };
}

/** Write row numbers as people would: "2, 5 and 7", with how many more there are. */
export function shownRows(rows: readonly number[], count: number): string {
  const shown = rows.slice(0, 5).join(", ");
  return count > 5 ? `${shown}, …` : shown;
}
