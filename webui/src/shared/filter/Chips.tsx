import { t } from "@/shared/words/translate";
import type { Chip } from "./chips";
import classes from "./Filter.module.css";
import type { TextFilter } from "./filter";

interface Props<F extends TextFilter> {
  chips: readonly Chip<F>[];
  onChange: (filter: F) => void;
}

/** The parts of a filter as they are read, each with a way to take it away. */
export function Chips<F extends TextFilter>({ chips, onChange }: Props<F>) {
  if (chips.length === 0) return null;
  return (
    <ul className={classes.chips} aria-label={t("Conditions")}>
      {chips.map(({ key, about, words, without }) => (
        <li key={key}>
          <span dir="auto" title={words}>
            {words}
          </span>
          <button
            type="button"
            aria-label={
              about === "region"
                ? t("Remove the region")
                : t("Remove: {{condition}}", { condition: words })
            }
            onClick={() => onChange(without)}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
