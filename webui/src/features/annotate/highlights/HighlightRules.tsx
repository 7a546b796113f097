import { t } from "@/shared/words/translate";
import quality from "../Quality.module.css";
import type { Places } from "./finder";
import classes from "./HighlightRules.module.css";
import { another, COLORS, compiled, type Rule } from "./rules";
import { canHighlight, type Highlights } from "./useHighlights";

interface Props {
  highlights: Highlights;
  open: boolean;
  onToggle: () => void;
}

/** Words of one's own that are marked in every text of the project. */
export function HighlightRules({ highlights, open, onToggle }: Props) {
  const { rules, setRules, on, setOn, found } = highlights;
  const change = (rule: Rule) =>
    setRules(rules.map((other) => (other.id === rule.id ? rule : other)));
  return (
    <section>
      <h2>
        <button type="button" className={quality.heading} aria-expanded={open} onClick={onToggle}>
          {t("Highlighted words")}
        </button>
      </h2>
      {open && (
        <>
          {!canHighlight && (
            <p className={quality.soft}>{t("This browser is too old to highlight words.")}</p>
          )}
          {rules.length > 0 && (
            <label className={classes.on}>
              <input
                type="checkbox"
                checked={on}
                aria-keyshortcuts="w"
                onChange={(event) => setOn(event.currentTarget.checked)}
              />
              {t("Show them in the text")}
            </label>
          )}
          <ul className={classes.rules} aria-label={t("Highlighted words")}>
            {rules.map((rule, at) => (
              <RuleLine
                key={rule.id}
                rule={rule}
                number={at + 1}
                places={on ? found?.get(rule.id) : undefined}
                onChange={change}
                onRemove={() => setRules(rules.filter((other) => other.id !== rule.id))}
              />
            ))}
          </ul>
          <button
            type="button"
            className={classes.add}
            onClick={() => setRules([...rules, another(rules)])}
          >
            {t("Add words")}
          </button>
        </>
      )}
    </section>
  );
}

interface LineProps {
  rule: Rule;
  number: number;
  /** Where it was found; null where that took too long, undefined where it is not known. */
  places: Places | undefined;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}

function RuleLine({ rule, number, places, onChange, onRemove }: LineProps) {
  const { problem } = compiled(rule);
  return (
    <li className={classes.rule}>
      <button
        type="button"
        className={classes.color}
        style={{ "--label": `var(--label-${rule.color})` }}
        aria-label={t("Colour {{color}} of {{all}}: take the next", {
          color: rule.color,
          all: COLORS,
        })}
        onClick={() => onChange({ ...rule, color: (rule.color % COLORS) + 1 })}
      />
      <select
        aria-label={t("What is looked for, line {{number}}", { number })}
        value={rule.kind}
        onChange={(event) =>
          onChange({ ...rule, kind: event.currentTarget.value === "words" ? "words" : "pattern" })
        }
      >
        <option value="words">{t("words")}</option>
        <option value="pattern">{t("expression")}</option>
      </select>
      <button
        type="button"
        className={classes.remove}
        aria-label={t("Remove line {{number}}", { number })}
        onClick={onRemove}
      >
        ×
      </button>
      <input
        type="text"
        dir="auto"
        spellCheck={false}
        aria-label={
          rule.kind === "words"
            ? t("Words of line {{number}}", { number })
            : t("Expression of line {{number}}", { number })
        }
        placeholder={rule.kind === "words" ? t("one, another") : "\\d+ %"}
        value={rule.source}
        aria-invalid={problem !== null}
        onChange={(event) => onChange({ ...rule, source: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <p role="status" data-bad={problem !== null || places === null}>
        {problem ?? foundWords(places)}
      </p>
    </li>
  );
}

function foundWords(places: Places | undefined): string {
  if (places === undefined) return "";
  if (places === null) {
    return t("Takes too long on this text, so it is not shown. A simpler one would do better.");
  }
  return t("{{count}} places in this text", { count: places.length });
}
