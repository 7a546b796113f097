import type { LabelInfo } from "@/api/schema";
import { labelColor } from "@/shared/theme/labelColor";
import { t } from "@/shared/words/translate";
import { partsOf } from "../values";
import classes from "./Votes.module.css";

interface Props {
  value: unknown;
  text: string;
  labels: readonly LabelInfo[];
}

/** A value with its labels' colours. */
export function ValueParts({ value, text, labels }: Props) {
  const parts = partsOf(value, text);
  if (parts.length === 0) return <span className={classes.none}>{t("no label")}</span>;
  return (
    <span className={classes.parts}>
      {parts.map(({ label, quote }, at) => {
        const position = labels.findIndex(({ name }) => name === label);
        const color = labelColor(labels[position]?.color, Math.max(0, position));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: passages may be alike
          <span key={at} className={classes.part} style={{ "--label": color }} dir="auto">
            {label}
            {quote !== null && <q>{quote}</q>}
          </span>
        );
      })}
    </span>
  );
}
