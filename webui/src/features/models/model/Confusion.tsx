import type { ModelInfo, ProjectInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";
import classes from "../Models.module.css";
import { type Judged, shares, worstConfusion } from "../reports";
import type { ModelSearch } from "../search";
import { Errors } from "./Errors";

interface Props {
  project: ProjectInfo;
  model: ModelInfo;
  judged: Judged;
  search: ModelSearch;
  onSearch: (search: ModelSearch) => void;
}

/** Which label is taken for which; a cell opens the texts behind it, in a list beside it. */
export function Confusion({ project, model, judged, search, onSearch }: Props) {
  const { report, split } = judged;
  const matrix = report.confusion ?? null;
  const worst = worstConfusion(report);
  return (
    <section className={classes.section} aria-labelledby="confusion">
      <h2 id="confusion">{t("What it has wrong")}</h2>
      {matrix !== null && (
        <p>
          {worst === null
            ? t("It has confused no label with another.")
            : t(
                "Most often it takes {{said}} for {{called}}: {{n}} of {{count}} texts. Press a number to read them.",
                { said: worst.said, called: worst.called, n: worst.n, count: worst.of },
              )}
        </p>
      )}
      <div className={classes.beside}>
        {matrix !== null && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
          <section className={classes.scrolled} aria-label={t("Confusion matrix")} tabIndex={0}>
            <table className={classes.matrix}>
              <caption>{t("Rows: what people say. Columns: what the model says.")}</caption>
              <thead>
                <tr>
                  <td />
                  {report.labels.map((label) => (
                    <th key={label} scope="col" dir="auto" title={label}>
                      <span>{label}</span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {report.labels.map((said, at) => {
                  const row = matrix[at] ?? [];
                  const part = shares(row);
                  return (
                    <tr key={said}>
                      <th scope="row" dir="auto" title={said}>
                        <span>{said}</span>
                      </th>
                      {row.map((n, to) => {
                        const called = report.labels[to] ?? "";
                        const open = search.true === said && search.predicted === called;
                        return (
                          <td
                            key={called}
                            data-right={at === to}
                            style={{ "--share": part[to] ?? 0 }}
                          >
                            {at === to || n === 0 ? (
                              n
                            ) : (
                              <button
                                type="button"
                                aria-pressed={open}
                                aria-label={t("{{said}} taken for {{called}}: {{n}}", {
                                  said,
                                  called,
                                  n,
                                })}
                                onClick={() =>
                                  onSearch(
                                    open ? { split } : { split, true: said, predicted: called },
                                  )
                                }
                              >
                                {n}
                              </button>
                            )}
                          </td>
                        );
                      })}
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </section>
        )}
        <Errors
          key={`${split} ${search.true} ${search.predicted}`}
          project={project}
          model={model}
          split={split}
          cell={search}
          onAll={() => onSearch({ split })}
        />
      </div>
    </section>
  );
}
