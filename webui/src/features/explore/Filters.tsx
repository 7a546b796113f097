import { type FormEvent, type ReactNode, useEffect, useId, useState } from "react";
import type { Condition, LabelInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";
import { condition, type Kind, needsValue, operationsOf } from "./conditions";
import classes from "./Explore.module.css";
import {
  changed,
  type ExploreSearch,
  narrows,
  SAMPLES,
  type SampleKind,
  SPLITS,
  type Split,
  withoutFilter,
} from "./search";
import { conditionWords, operationName, SAMPLE_NAMES, SPLIT_NAMES } from "./words";

interface Props {
  search: ExploreSearch;
  onSearch: (search: ExploreSearch) => void;
  labels: readonly LabelInfo[];
  /** Whoever has coded something here. */
  people: readonly string[];
  columns: readonly { readonly name: string; readonly kind: Kind }[];
}

/** The id of the field for what texts contain, which a key goes to. */
export const TEXT_FIELD = "explore-text";

/** Which texts the table has; all of it is in the address, so that it can be passed on. */
export function Filters({ search, onSearch, labels, people, columns }: Props) {
  const change = (part: Parameters<typeof changed>[1]) => onSearch(changed(search, part));
  const [adding, setAdding] = useState(false);
  const where = search.where ?? [];
  const sample = search.sample ?? "all";
  return (
    <search className={classes.filters} aria-label={t("Filter")}>
      <TextFilter regex={search.regex ?? ""} onChange={(regex) => change({ regex })} />
      <Choice
        name={t("Texts")}
        value={sample}
        onChange={(kind) => {
          const asksLabel = kind === "predicted_as" && search.label === undefined;
          const first = asksLabel ? { label: labels[0]?.name } : {};
          change({ sample: kind as SampleKind, ...first });
        }}
      >
        {SAMPLES.map((kind) => (
          <option key={kind} value={kind}>
            {SAMPLE_NAMES[kind]}
          </option>
        ))}
      </Choice>
      {["all", "tagged", "outdated"].includes(sample) && (
        <Choice
          name={t("Coded by")}
          value={search.by ?? ""}
          onChange={(by) => change({ by: by === "" ? undefined : by })}
        >
          <option value="">{t("anybody")}</option>
          {withChosen(people, search.by).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Choice>
      )}
      {["all", "tagged", "predicted_as"].includes(sample) && (
        <Choice
          name={t("Label")}
          value={search.label ?? ""}
          onChange={(label) => change({ label: label === "" ? undefined : label })}
        >
          {sample !== "predicted_as" && <option value="">{t("any")}</option>}
          {withChosen(
            labels.map(({ name }) => name),
            search.label,
          ).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Choice>
      )}
      <Choice
        name={t("Split")}
        value={search.split ?? "all"}
        onChange={(split) => change({ split: split === "all" ? undefined : (split as Split) })}
      >
        <option value="all">{t("all splits")}</option>
        {SPLITS.map((split) => (
          <option key={split} value={split}>
            {SPLIT_NAMES[split]}
          </option>
        ))}
      </Choice>
      {columns.length > 0 && (
        <button
          type="button"
          className={classes.quiet}
          aria-expanded={adding}
          onClick={() => setAdding(!adding)}
        >
          {t("Add a condition…")}
        </button>
      )}
      {narrows(search) && (
        <button
          type="button"
          className={classes.quiet}
          onClick={() => onSearch(withoutFilter(search))}
        >
          {t("Clear the filter")}
        </button>
      )}
      {adding && (
        <ConditionForm
          columns={columns}
          onAdd={(added) => {
            change({ where: [...where, added] });
            setAdding(false);
          }}
          onCancel={() => setAdding(false)}
        />
      )}
      {(where.length > 0 || search.region !== undefined) && (
        <ul className={classes.chips} aria-label={t("Conditions")}>
          {search.region !== undefined && (
            <li>
              <span dir="auto">
                {t("in a region of the map {{map}}", { map: search.region.projection })}
              </span>
              <button
                type="button"
                aria-label={t("Remove the region")}
                onClick={() => change({ region: undefined })}
              >
                ×
              </button>
            </li>
          )}
          {where.map((each) => (
            <li key={JSON.stringify(each)}>
              <span dir="auto">{conditionWords(each)}</span>
              <button
                type="button"
                aria-label={t("Remove: {{condition}}", { condition: conditionWords(each) })}
                onClick={() => change({ where: where.filter((other) => other !== each) })}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}

/** What was chosen is listed even where nothing else tells of it. */
function withChosen(names: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || names.includes(chosen) ? names : [...names, chosen];
}

function TextFilter({ regex, onChange }: { regex: string; onChange: (regex: string) => void }) {
  const [written, setWritten] = useState(regex);
  useEffect(() => setWritten(regex), [regex]);
  return (
    <form
      className={classes.field}
      onSubmit={(event) => {
        event.preventDefault();
        onChange(written);
      }}
    >
      <label htmlFor={TEXT_FIELD}>{t("Text")}</label>
      <input
        id={TEXT_FIELD}
        type="search"
        dir="auto"
        maxLength={1000}
        placeholder={t("Pattern, then Enter")}
        title={t("A regular expression; (?i) at its beginning ignores case")}
        value={written}
        onChange={(event) => setWritten(event.currentTarget.value)}
        onBlur={() => written !== regex && onChange(written)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </form>
  );
}

interface ConditionProps {
  columns: Props["columns"];
  onAdd: (condition: Condition) => void;
  onCancel: () => void;
}

function ConditionForm({ columns, onAdd, onCancel }: ConditionProps) {
  const [name, setName] = useState(columns[0]?.name ?? "");
  const kind = columns.find((each) => each.name === name)?.kind ?? "text";
  const operations = operationsOf(kind);
  const [chosen, setOp] = useState<Condition["op"]>("contains");
  const op = operations.includes(chosen) ? chosen : (operations[0] ?? "eq");
  const [written, setWritten] = useState("");
  const [wrong, setWrong] = useState(false);
  const error = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const made = condition(name, kind, op, kind === "boolean" && written === "" ? "true" : written);
    setWrong(made === null);
    if (made !== null) onAdd(made);
  };
  return (
    <form className={classes.condition} aria-label={t("Add a condition")} onSubmit={submit}>
      <Choice name={t("Column")} value={name} onChange={setName}>
        {columns.map((each) => (
          <option key={each.name} value={each.name}>
            {each.name}
          </option>
        ))}
      </Choice>
      <Choice name={t("Condition")} value={op} onChange={(next) => setOp(next as Condition["op"])}>
        {operations.map((each) => (
          <option key={each} value={each}>
            {operationName(each)}
          </option>
        ))}
      </Choice>
      {needsValue(op) && kind === "boolean" && (
        <Choice name={t("Value")} value={written || "true"} onChange={setWritten}>
          <option value="true">{t("yes")}</option>
          <option value="false">{t("no")}</option>
        </Choice>
      )}
      {needsValue(op) && kind !== "boolean" && (
        <label className={classes.field}>
          <span>{t("Value")}</span>
          <input
            type={INPUTS[op === "in" ? "text" : kind]}
            step="any"
            dir="auto"
            placeholder={op === "in" ? t("one, another") : ""}
            aria-invalid={wrong}
            aria-describedby={wrong ? error : undefined}
            value={written}
            onChange={(event) => setWritten(event.currentTarget.value)}
          />
        </label>
      )}
      <button type="submit" className={classes.quiet}>
        {t("Add")}
      </button>
      <button type="button" className={classes.quiet} onClick={onCancel}>
        {t("Cancel")}
      </button>
      {wrong && (
        <p id={error} role="alert" className={classes.wrong}>
          {kind === "number"
            ? t("Write a number to compare with.")
            : t("Write a value to compare with.")}
        </p>
      )}
    </form>
  );
}

const INPUTS: Readonly<Record<Kind, string>> = {
  number: "number",
  date: "date",
  moment: "datetime-local",
  boolean: "text",
  text: "text",
};

interface ChoiceProps {
  name: string;
  value: string;
  children: ReactNode;
  onChange: (value: string) => void;
}

function Choice({ name, value, children, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className={classes.field}>
      <label htmlFor={id}>{name}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {children}
      </select>
    </div>
  );
}
