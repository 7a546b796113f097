import type { LabelInfo } from "@/api/schema";
import { labelColor } from "@/shared/theme/labelColor";
import { t } from "@/shared/words/translate";
import classes from "./SpanList.module.css";
import type { SpanEditor } from "./useSpanEditor";

interface Props {
  text: string;
  editor: SpanEditor;
  labels: readonly LabelInfo[];
}

/** The spans as a list, each of which can be taken away. */
export function SpanList({ text, editor, labels }: Props) {
  const characters = [...text];
  return (
    <div className={classes.list}>
      {(editor.spans.length === 0 || editor.hint) && (
        <p role={editor.hint ? "alert" : undefined}>
          {t(
            "Select a stretch of the text, by mouse or after Tab by arrow keys, then press a label. Enter saves.",
          )}
        </p>
      )}
      <span role="status" className={classes.unseen}>
        {editor.heard}
      </span>
      <ul>
        {editor.spans.map((span) => {
          const quote = characters.slice(span.start, span.end).join("");
          const position = labels.findIndex(({ name }) => name === span.label);
          const color = labelColor(labels[position]?.color, Math.max(0, position));
          return (
            <li key={`${span.start}-${span.end}-${span.label}`} style={{ "--label": color }}>
              <span className={classes.name}>{span.label}</span>
              <span dir="auto">{shortened(quote)}</span>
              <button
                type="button"
                aria-label={t("Remove {{label}}: {{quote}}", {
                  label: span.label,
                  quote: shortened(quote),
                })}
                onClick={() => editor.toggle(span)}
              >
                ×
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function shortened(quote: string): string {
  return quote.length <= 40 ? quote : `${quote.slice(0, 39)}…`;
}
