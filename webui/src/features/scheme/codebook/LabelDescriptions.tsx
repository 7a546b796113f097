import type { LabelInfo } from "@/api/schema";
import { labelColor } from "@/shared/theme/labelColor";
import { t } from "@/shared/words/translate";
import classes from "./Codebook.module.css";

interface Props {
  labels: readonly LabelInfo[];
  /** Whether labels without a description are named as well. */
  all: boolean;
}

/** What each label says of itself, below the codebook. */
export function LabelDescriptions({ labels, all }: Props) {
  if (labels.every(({ description }) => !all && description === "")) return null;
  return (
    <dl className={classes.labels} aria-label={t("Labels")}>
      {labels.map(
        ({ id, name, color, description }, position) =>
          (all || description !== "") && (
            <div key={id} style={{ "--label": labelColor(color, position) }}>
              <dt dir="auto">{name}</dt>
              {description !== "" && <dd dir="auto">{description}</dd>}
            </div>
          ),
      )}
    </dl>
  );
}
