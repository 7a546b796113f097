import { NativeSelect } from "@mantine/core";
import type { FileColumn, FilePreview } from "@/api/schema";
import { figure, percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import { type Draft, ROLES, type Role } from "./draft";
import classes from "./Import.module.css";

interface Props {
  preview: FilePreview;
  /** Whether what the columns hold is known, or only their names. */
  whole: boolean;
  draft: Draft;
  onRole: (column: string, role: Role) => void;
}

/** The first rows of a file, with what each column is for in its head. */
export function ColumnTable({ preview, whole, draft, onRole }: Props) {
  const { columns, rows, n_rows } = preview;
  const faulty = new Set(columns.flatMap((column) => faultyCells(column, draft.roles)));
  return (
    <section
      className={classes.scroll}
      aria-label={t("The first rows")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key.
      tabIndex={0}
    >
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" data-role={draft.roles[column.name]}>
                <span className={classes.name} dir="auto">
                  {column.name}
                </span>
                <NativeSelect
                  size="xs"
                  aria-label={t("What {{column}} is for", { column: column.name })}
                  data={ROLES.map((role) => ({ value: role, label: roleName(role) }))}
                  value={draft.roles[column.name] ?? "ignore"}
                  onChange={(event) => onRole(column.name, event.currentTarget.value as Role)}
                />
                {whole && <span className={classes.facts}>{factsOf(column, n_rows)}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are their places in the file.
            <tr key={at}>
              {columns.map(({ name }, place) => (
                <td
                  key={name}
                  data-role={draft.roles[name]}
                  data-faulty={faulty.has(`${name}/${at + 1}`) || undefined}
                  dir="auto"
                >
                  <div className={classes.value}>
                    {row[place] ?? <span className={classes.empty}>{t("empty")}</span>}
                  </div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function faultyCells(column: FileColumn, roles: Draft["roles"]): readonly string[] {
  const role = roles[column.name];
  if (role !== "text" && role !== "id") return [];
  const again = role === "id" ? column.repeated_rows : [];
  return [...column.missing_rows, ...again].map((row) => `${column.name}/${row}`);
}

export function roleName(role: Role): string {
  switch (role) {
    case "text":
      return t("Text");
    case "id":
      return t("Id");
    case "label":
      return t("Given labels");
    case "context":
      return t("Context");
    case "ignore":
      return t("Not imported");
  }
}

function factsOf({ kind, distinct, longest, missing }: FileColumn, rows: number): string {
  const facts = [kindName(kind)];
  if (kind === "category") facts.push(t("{{n}} values", { n: figure(distinct) }));
  if (kind === "text") facts.push(t("up to {{n}} characters", { n: figure(longest) }));
  if (missing > 0 && kind !== "empty") {
    facts.push(t("{{share}} empty", { share: percent(missing / Math.max(1, rows)) }));
  }
  return facts.join(", ");
}

function kindName(kind: FileColumn["kind"]): string {
  switch (kind) {
    case "text":
      return t("text");
    case "category":
      return t("category");
    case "number":
      return t("number");
    case "date":
      return t("date");
    case "empty":
      return t("empty");
  }
}
