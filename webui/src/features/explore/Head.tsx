import type { SortKey } from "@/api/schema";
import { t } from "@/shared/words/translate";
import type { Column } from "./columns";
import classes from "./Explore.module.css";
import { sorting } from "./search";

interface Props {
  columns: readonly Column[];
  sort: readonly SortKey[] | undefined;
  onSort: (by: string, beside: boolean) => void;
}

/** The heads of the columns, which sort by them: a press, or Enter; with shift beside others. */
export function Head({ columns, sort, onSort }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see Table
    <div role="rowgroup" className={classes.headings}>
      {/* biome-ignore lint/a11y/useSemanticElements: see Table */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div role="row" aria-rowindex={1} className={classes.row}>
        {/* biome-ignore lint/a11y/useSemanticElements: see Table */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
        <div role="columnheader" aria-colindex={1}>
          <span className={classes.unseen}>{t("Selected")}</span>
        </div>
        {columns.map((column, at) => (
          // biome-ignore lint/a11y/useSemanticElements: see Table
          // biome-ignore lint/a11y/useFocusableInteractive: its buttons have the focus
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={at + 2}
            aria-sort={sortOf(column, sort)}
            className={classes.heading}
          >
            {column.sorts.map(({ by, title }) => {
              const now = sorting(sort, by);
              return (
                <button
                  key={by}
                  type="button"
                  dir="auto"
                  title={t("Sort by this; with shift, where the others tie")}
                  data-sorted={now !== null || undefined}
                  onClick={(event) => onSort(by, event.shiftKey)}
                >
                  {title}
                  {now !== null && (
                    <span aria-hidden="true">
                      {now.descending ? " ↓" : " ↑"}
                      {(sort?.length ?? 0) > 1 && <sub>{now.place + 1}</sub>}
                    </span>
                  )}
                </button>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function sortOf({ sorts }: Column, sort: readonly SortKey[] | undefined) {
  // Of several keys only the first is the order of the table.
  const found = sorts.map(({ by }) => sorting(sort, by)).find((now) => now?.place === 0);
  if (found === undefined || found === null) return "none";
  return found.descending ? "descending" : "ascending";
}
