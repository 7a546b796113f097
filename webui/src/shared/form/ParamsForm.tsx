import { t } from "@/shared/words/translate";
import { asDraft, type Draft, type FieldErrors, shownIn, sorted, valueIn } from "./draft";
import { FieldInput } from "./FieldInput";
import classes from "./ParamsForm.module.css";
import type { Field, Mode } from "./schema";

interface Props {
  fields: readonly Field[];
  mode: Mode;
  draft: Draft;
  errors: FieldErrors;
  onChange: (draft: Draft) => void;
}

/** The fields of a schema that the user's mode shows; of the others, what was chosen. */
export function ParamsForm({ fields, mode, draft, errors, onChange }: Props) {
  const { shown, chosen } = sorted(fields, mode, draft, errors);
  if (fields.length === 0) return null;
  return (
    <div className={classes.form}>
      {shown.map((field) =>
        field.kind === "group" ? (
          <fieldset key={field.name} className={classes.group}>
            <legend>{field.title}</legend>
            {field.description !== "" && <p>{field.description}</p>}
            <ParamsForm
              fields={field.fields}
              mode={mode}
              draft={asDraft(draft[field.name])}
              errors={inside(field.name, errors)}
              onChange={(part) => onChange({ ...draft, [field.name]: part })}
            />
          </fieldset>
        ) : (
          <FieldInput
            key={field.name}
            field={field}
            value={valueIn(field, draft)}
            error={errors[field.name]}
            onChange={(value) => onChange({ ...draft, [field.name]: value })}
          />
        ),
      )}
      <Chosen fields={chosen} />
    </div>
  );
}

function inside(group: string, errors: FieldErrors): FieldErrors {
  const prefix = `${group}.`;
  const own = Object.entries(errors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, error]) => [name.slice(prefix.length), error]));
}

/** What the mode has decided, for whoever wants to know. */
function Chosen({ fields }: { fields: readonly Field[] }) {
  if (fields.length === 0) return null;
  return (
    <details className={classes.chosen}>
      <summary>{t("{{count}} settings are chosen for you", { count: fields.length })}</summary>
      <dl>
        {fields.map((field) => (
          <div key={field.name}>
            <dt>
              {t("{{name}}: {{value}}", {
                name: field.title,
                value: shownIn(field, field.initial),
              })}
            </dt>
            <dd>{field.description}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
