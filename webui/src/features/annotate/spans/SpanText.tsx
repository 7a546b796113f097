import type { RefObject } from "react";
import type { LabelInfo, Span } from "@/api/schema";
import { labelColor } from "@/shared/theme/labelColor";
import classes from "./SpanText.module.css";
import { type Segment, segments } from "./segments";

interface Props {
  text: string;
  spans: readonly Span[];
  labels: readonly LabelInfo[];
  container: RefObject<HTMLSpanElement | null>;
}

/**
 * A text with its spans marked. Names of labels stand in style sheets' content, not in the
 * document, so that positions in the document are positions in the text.
 */
export function SpanText({ text, spans, labels, container }: Props) {
  return (
    <span ref={container}>
      {segments(text, spans).map((segment) => (
        <Stretch key={segment.start} segment={segment} labels={labels} />
      ))}
    </span>
  );
}

function Stretch({ segment, labels }: { segment: Segment; labels: readonly LabelInfo[] }) {
  const inner = segment.spans.at(-1);
  if (inner === undefined) return segment.text;
  const names = segment.ending.map(({ label }) => label).join(", ");
  return (
    <mark
      className={classes.span}
      style={{ "--label": spanColor(inner, labels) }}
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
