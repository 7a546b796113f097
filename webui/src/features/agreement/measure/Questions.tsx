import { MultiSelect, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ProjectState, SchemeInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";
import { type AgreementQuestion, componentsQuery } from "../api";
import { isSplit } from "../search";
import classes from "./Figures.module.css";
import { measuresFor } from "./measures";
import { measureName } from "./reading";

interface Props {
  state: ProjectState;
  scheme: SchemeInfo;
  question: AgreementQuestion;
  onChange: (question: AgreementQuestion) => void;
}

/** Which coefficients, of which texts, of people alone or with a machine among them. */
export function Questions({ state, scheme, question, onChange }: Props) {
  const components = useQuery(componentsQuery("agreement")).data ?? [];
  const { all, usual } = measuresFor(components, scheme.type);
  const machines = state.models.filter((model) => model.scheme === scheme.name);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would want a legend on the page
    <div className={classes.questions} role="group" aria-label={t("What is measured")}>
      <MultiSelect
        className={classes.wide}
        label={t("Coefficients")}
        data={all.map((name) => ({ value: name, label: measureName(name) }))}
        value={question.measures.length === 0 ? [...usual] : [...question.measures]}
        onChange={(measures) => onChange({ ...question, measures })}
      />
      <Select
        label={t("Texts")}
        allowDeselect={false}
        data={[
          { value: "all", label: t("All") },
          ...["train", "valid", "test"].map((value) => ({ value, label: value })),
        ]}
        value={question.split}
        onChange={(split) => onChange({ ...question, split: isSplit(split) ? split : "all" })}
      />
      <Select
        label={t("Over time")}
        allowDeselect={false}
        data={[
          { value: "day", label: t("by day") },
          { value: "week", label: t("by week") },
          { value: "none", label: t("not at all") },
        ]}
        value={question.over ?? "none"}
        onChange={(over) =>
          onChange({ ...question, over: over === "day" || over === "week" ? over : null })
        }
      />
      {machines.length > 0 && (
        <Select
          label={t("With a machine as one more coder")}
          placeholder={t("People only")}
          clearable
          data={machines.map(({ name }) => name)}
          value={question.machine}
          onChange={(machine) => onChange({ ...question, machine })}
        />
      )}
    </div>
  );
}
