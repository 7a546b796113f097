import { t } from "@/shared/words/translate";
import classes from "./Explore.module.css";

interface Props {
  all: readonly string[];
  shown: readonly string[];
  onChange: (shown: readonly string[]) => void;
}

/** Which context columns the table shows. */
export function ColumnMenu({ all, shown, onChange }: Props) {
  if (all.length === 0) return null;
  return (
    <details className={classes.columns}>
      <summary>{t("Columns")}</summary>
      <fieldset>
        <legend>{t("Context columns")}</legend>
        {all.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={shown.includes(name)}
              onChange={({ currentTarget: { checked } }) =>
                onChange(checked ? [...shown, name] : shown.filter((each) => each !== name))
              }
            />
            <span dir="auto">{name}</span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
