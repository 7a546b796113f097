import type { RefObject } from "react";
import type { LabelInfo, Span } from "@/api/schema";
import { labelColor } from "@/shared/theme/labelColor";
import { t } from "@/shared/words/translate";
import { lanesOf, linesUnder } from "./lanes";
import classes from "./SpanText.module.css";
import { type Segment, segments } from "./segments";
import type { SpanEditor } from "./useSpanEditor";

interface Props {
  text: string;
  spans: readonly Span[];
  labels: readonly LabelInfo[];
  container: RefObject<HTMLSpanElement | null>;
  /** Lets the keyboard select; absent where spans are only shown. */
  editing?: SpanEditor["editing"];
}

/**
 * A text with its spans marked. Names of labels stand in style sheets' content, not in the
 * document, so that positions in the document are positions in the text.
 */
export function SpanText({ text, spans, labels, container, editing }: Props) {
  const lanes = lanesOf(spans);
  const marked = segments(text, spans).map((segment) => (
    <Stretch key={segment.start} segment={segment} labels={labels} lanes={lanes} />
  ));
  if (editing === undefined) return <span ref={container}>{marked}</span>;
  return (
    // A text that is read and marked, not written: an input could show no marks.
    // biome-ignore lint/a11y/useSemanticElements: see above
    <span
      ref={container}
      className={classes.editable}
      role="textbox"
      tabIndex={0}
      aria-readonly="true"
      aria-multiline="true"
      aria-label={t("Text: arrows go from word to word, Shift takes in more, a label marks it")}
      onKeyDown={editing.onKeyDown}
    >
      {marked}
    </span>
  );
}

interface StretchProps {
  segment: Segment;
  labels: readonly LabelInfo[];
  lanes: ReadonlyMap<Span, number>;
}

function Stretch({ segment, labels, lanes }: StretchProps) {
  const inner = segment.spans.at(-1);
  if (inner === undefined) return segment.text;
  const names = segment.ending.map(({ label }) => label).join(", ");
  return (
    <mark
      className={classes.span}
      style={{
        "--label": spanColor(inner, labels),
        "--lines": linesUnder(segment.spans, lanes, (span) => spanColor(span, labels)),
      }}
      data-depth={Math.min(3, segment.spans.length)}
      {...(names === "" ? {} : { "data-names": names })}
    >
      {segment.text}
    </mark>
  );
}

/** The colour of a span's label. */
export function spanColor(span: Span, labels: readonly LabelInfo[]): string {
  const position = labels.findIndex(({ name }) => name === span.label);
  return labelColor(labels[position]?.color, Math.max(0, position));
}
