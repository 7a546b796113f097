import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { toProblem } from "@/api/problem";
import { t } from "@/shared/words/translate";
import { added, type Operation, operationsFor, type Subject, subjectKey } from "./adding";
import { Choice } from "./Choice";
import type { Kind } from "./conditions";
import { needsValue } from "./conditions";
import classes from "./Filter.module.css";
import type { TextFilter } from "./filter";
import { operationName } from "./words";

interface Props<F extends TextFilter> {
  filter: F;
  subjects: readonly Subject[];
  onAdd: (filter: F) => void;
  onCancel: () => void;
  /** Says, before it counts, what is wrong with the filter that was made; null where nothing is. */
  check?: (filter: F) => Promise<string | null>;
}

/** Adds a condition to a filter, by keyboard alone if need be. */
export function ConditionForm<F extends TextFilter>(props: Props<F>) {
  const { filter, subjects, onAdd, onCancel, check } = props;
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [key, setKey] = useState("");
  const [chosen, setOp] = useState<Operation>("contains");
  const [written, setWritten] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const [checking, setChecking] = useState(false);
  const error = useId();
  const subject = subjects.find((each) => subjectKey(each) === key) ?? subjects[0];
  if (subject === undefined) return null;
  const operations = operationsFor(subject);
  const op = operations.includes(chosen) ? chosen : (operations[0] ?? "eq");
  const options = optionsOf(subject, op);
  const value = options === null || options.includes(written) ? written : (options[0] ?? "");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (checking) return;
    const made = added(filter, subject, op, value);
    if (made === null) return setWrong(missing(subject));
    setWrong(null);
    setChecking(true);
    try {
      const found = await check?.(made);
      if (found == null) onAdd(made);
      else setWrong(found);
    } catch (reason) {
      setWrong(toProblem(reason).detail);
    } finally {
      setChecking(false);
    }
  };
  return (
    <form
      className={classes.condition}
      aria-label={t("Add a condition")}
      aria-busy={checking}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onCancel();
      }}
    >
      <Choice
        name={subjects.every(({ about }) => about === "column") ? t("Column") : t("What")}
        value={subjectKey(subject)}
        onChange={setKey}
        select={first}
      >
        <Subjects subjects={subjects} />
      </Choice>
      {operations.length > 0 && (
        <Choice name={t("Condition")} value={op} onChange={(next) => setOp(next as Operation)}>
          {operations.map((each) => (
            <option key={each} value={each}>
              {each === "matches" ? t("matches the pattern") : operationName(each)}
            </option>
          ))}
        </Choice>
      )}
      {options !== null && (
        <Choice name={t("Value")} value={value} onChange={setWritten}>
          {options.map((each) => (
            <option key={each} value={each}>
              {isYesOrNo(subject) ? (each === "true" ? t("yes") : t("no")) : each}
            </option>
          ))}
        </Choice>
      )}
      {options === null && (op === "matches" || needsValue(op)) && (
        <label className={classes.field}>
          <span>{t("Value")}</span>
          <input
            type={subject.about === "column" && op !== "in" ? INPUTS[subject.kind] : "text"}
            step="any"
            dir="auto"
            maxLength={900}
            placeholder={op === "in" ? t("one, another") : ""}
            title={
              op === "matches" ? t("A regular expression; (?i) at its beginning ignores case") : ""
            }
            aria-invalid={wrong !== null}
            aria-describedby={wrong === null ? undefined : error}
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
      {wrong !== null && (
        <p id={error} role="alert" className={classes.wrong}>
          {wrong}
        </p>
      )}
    </form>
  );
}

function Subjects({ subjects }: { subjects: readonly Subject[] }) {
  const columns = subjects.filter((each) => each.about === "column");
  const others = subjects.filter((each) => each.about !== "column");
  const listed = columns.map((column) => (
    <option key={subjectKey(column)} value={subjectKey(column)}>
      {column.name}
    </option>
  ));
  return (
    <>
      {others.map(({ about }) => (
        <option key={about} value={about}>
          {NAMES[about]}
        </option>
      ))}
      {others.length > 0 && listed.length > 0 ? (
        <optgroup label={t("Context columns")}>{listed}</optgroup>
      ) : (
        listed
      )}
    </>
  );
}

const NAMES: Readonly<Record<Exclude<Subject["about"], "column">, string>> = {
  text: t("Text"),
  label: t("Label"),
  person: t("Coded by"),
  prediction: t("The guide predicts"),
};

const INPUTS: Readonly<Record<Kind, string>> = {
  number: "number",
  date: "date",
  moment: "datetime-local",
  boolean: "text",
  text: "text",
};

function isYesOrNo(subject: Subject): boolean {
  return subject.about === "column" && subject.kind === "boolean";
}

/** What there is to choose from; null where it is to be written. */
function optionsOf(subject: Subject, op: Operation): readonly string[] | null {
  if (subject.about === "text") return null;
  if (subject.about !== "column") return subject.names;
  return isYesOrNo(subject) && op !== "matches" && needsValue(op) ? ["true", "false"] : null;
}

function missing(subject: Subject): string {
  if (subject.about === "text") return t("Write what to look for.");
  return subject.about === "column" && subject.kind === "number"
    ? t("Write a number to compare with.")
    : t("Write a value to compare with.");
}
