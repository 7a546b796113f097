import type { CodebookLine, CodebookVersionView } from "@/api/schema";
import { t } from "@/shared/words/translate";
import classes from "./Versions.module.css";
import { folded, labelChange, sizeOf } from "./versions";

interface Props {
  difference: NonNullable<CodebookVersionView["difference"]>;
}

/** What changed between two versions; signs and words say it, and colours only repeat them. */
export function Difference({ difference: { against, lines, labels } }: Props) {
  const changed = lines.some(({ op }) => op !== "same");
  return (
    <>
      <p>
        {t("Since version {{number}}:", { number: against })} {sizeOf(lines)}
      </p>
      {changed && (
        <div className={classes.lines} dir="auto">
          {folded(lines).map((row) =>
            "left_out" in row ? (
              <p key={row.at} className={classes.left}>
                {t("{{count}} lines that are the same", { count: row.left_out })}
              </p>
            ) : (
              <Line key={row.at} line={row.line} />
            ),
          )}
        </div>
      )}
      {labels.length > 0 && (
        <ul className={classes.labels} aria-label={t("Changes of labels")}>
          {labels.map((each) => (
            <li key={labelChange(each)} dir="auto">
              {labelChange(each)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Line({ line: { op, text } }: { line: CodebookLine }) {
  const content = text === "" ? "\u00a0" : text;
  if (op === "same") return <p className={classes.same}>{content}</p>;
  const added = op === "added";
  return (
    <p className={added ? classes.added : classes.removed}>
      <span className={classes.sign}>
        <span aria-hidden="true">{added ? "+" : "\u2212"}</span>
        <span className={classes.spoken}>{added ? t("Added:") : t("Removed:")} </span>
      </span>
      {added ? <ins>{content}</ins> : <del>{content}</del>}
    </p>
  );
}
