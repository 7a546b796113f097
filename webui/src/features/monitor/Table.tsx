import type { ReactNode } from "react";
import classes from "./Monitor.module.css";

interface Props {
  label: string;
  /** Names of the columns; those that begin with a hash hold numbers, those with a tilde long text. */
  columns: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
  /** What stands there where nothing is to be listed. */
  none: string;
}

const KINDS: Readonly<Record<string, "number" | "long">> = { "#": "number", "~": "long" };

/** A table that can be scrolled sideways where it is wider than the page. */
export function Table({ label, columns, rows, none }: Props) {
  if (rows.length === 0) return <p className={classes.none}>{none}</p>;
  const kinds = columns.map((column) => KINDS[column.charAt(0)]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className={classes.scroll} aria-label={label} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column, at) => (
              <th key={column} scope="col" data-kind={kinds[at]}>
                {column.replace(/^[#~]/, "")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, at) => (
                <td key={columns[at]} data-kind={kinds[at]} dir="auto">
                  {kinds[at] === "long" ? (
                    <div className={classes.long} title={String(cell)}>
                      {cell}
                    </div>
                  ) : (
                    cell
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
