import type { ProjectState, SchemeInfo, TopicsInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";
import { type ColourBy, readColourBy, writeColourBy } from "./colouring";
import classes from "./Map.module.css";

interface Props {
  state: ProjectState;
  scheme: SchemeInfo;
  topics: readonly TopicsInfo[];
  /** Whether it is known what texts are to be like. */
  looking: boolean;
  value: ColourBy;
  onChange: (by: ColourBy) => void;
}

/** What the points are coloured by. */
export function ColourMenu({ state, scheme, topics, looking, value, onChange }: Props) {
  const models = state.models.filter(
    (model) => model.scheme === scheme.name && model.predicted_rows !== null,
  );
  const groups = [
    { title: t("Predictions"), kind: "prediction", names: models.map(({ name }) => name) },
    { title: t("Topics"), kind: "topic", names: topics.map(({ name }) => name) },
    { title: t("Column"), kind: "context", names: state.project.context_columns },
  ] as const;
  return (
    <label className={classes.choice}>
      <span>{t("Coloured by")}</span>
      <select
        value={writeColourBy(value)}
        onChange={(event) => {
          const by = readColourBy(event.currentTarget.value);
          if (by !== null) onChange(by);
        }}
      >
        {looking && <option value="similarity">{t("similarity")}</option>}
        <option value="label">{t("label")}</option>
        <option value="annotator">{t("annotator")}</option>
        <option value="disagreement">{t("disagreement")}</option>
        <option value="time">{t("time of coding")}</option>
        <option value="split">{t("split")}</option>
        {groups.map(({ title, kind, names }) => {
          // What was chosen is listed even where nothing else tells of it.
          const chosen = value.kind === kind && !names.includes(value.of) ? [value.of] : [];
          const all = [...names, ...chosen];
          return (
            all.length > 0 && (
              <optgroup key={kind} label={title}>
                {all.map((name) => (
                  <option key={name} value={writeColourBy({ kind, of: name })}>
                    {optionName(kind, name)}
                  </option>
                ))}
              </optgroup>
            )
          );
        })}
      </select>
    </label>
  );
}

/** A closed menu shows one name alone: it has to say of what kind it is. */
function optionName(kind: ColourBy["kind"], name: string): string {
  if (kind === "prediction") return t("prediction of {{model}}", { model: name });
  if (kind === "topic") return t("topics {{topics}}", { topics: name });
  return name;
}
