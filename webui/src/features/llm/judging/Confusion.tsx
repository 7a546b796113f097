import type { ScoreReport } from "@/api/schema";
import { percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import classes from "./Confusion.module.css";
import { type Cell, confusionOf } from "./scores";

interface Props {
  report: ScoreReport;
  /** The cell whose texts are listed. */
  opened: Pick<Cell, "truth" | "said"> | null;
  onOpen: (cell: Pick<Cell, "truth" | "said">) => void;
}

/** What was called what; a cell off the diagonal lists its texts. */
export function Confusion({ report, opened, onOpen }: Props) {
  const rows = confusionOf(report);
  if (rows === null) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className={classes.scrolled} tabIndex={0} aria-label={t("What was called what")}>
      <table className={classes.matrix}>
        <thead>
          <tr>
            <td />
            {report.labels.map((label) => (
              <th key={label} scope="col" dir="auto" title={label}>
                <span>{t("model: {{label}}", { label })}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr key={cells[0]?.truth}>
              <th scope="row" dir="auto" title={cells[0]?.truth}>
                <span>{t("people: {{label}}", { label: cells[0]?.truth ?? "" })}</span>
              </th>
              {cells.map((cell) => (
                <td
                  key={cell.said}
                  data-right={cell.truth === cell.said || undefined}
                  style={{ "--share": `${Math.round(cell.share * 45)}%` }}
                >
                  <Count cell={cell} opened={opened} onOpen={onOpen} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Count({ cell, opened, onOpen }: Omit<Props, "report"> & { cell: Cell }) {
  const { truth, said, n, share } = cell;
  if (truth === said || n === 0) {
    return <span title={percent(share)}>{n}</span>;
  }
  return (
    <button
      type="button"
      aria-pressed={opened?.truth === truth && opened.said === said}
      aria-label={t("{{count}} texts that people call {{truth}} and the model {{said}}", {
        count: n,
        truth,
        said,
      })}
      onClick={() => onOpen({ truth, said })}
    >
      {n}
    </button>
  );
}
