import { Select } from "@mantine/core";
import type { ComponentInfo } from "@/api/schema";
import { type Given, grouped, lacks } from "@/shared/artefacts/strategies";
import { t } from "@/shared/words/translate";
import classes from "./Strategies.module.css";

interface Props {
  label: string;
  strategies: readonly ComponentInfo[];
  given: Given;
  value: string | null;
  onChange: (name: string) => void;
  placeholder?: string;
  error?: string | null;
}

/** Strategies by what they are good for, each with a line on what it picks. */
export function StrategySelect(props: Props) {
  const { label, strategies, given, value, onChange, placeholder, error = null } = props;
  const chosen = strategies.find(({ name }) => name === value);
  const missing = chosen === undefined ? null : lacks(chosen, given);
  return (
    <Select
      label={label}
      description={
        chosen === undefined ? null : (
          <>
            {chosen.summary}
            {missing !== null && (
              <span className={classes.missing}> {t("It {{lacks}}.", { lacks: missing })}</span>
            )}
          </>
        )
      }
      inputWrapperOrder={["label", "input", "description", "error"]}
      data={grouped(strategies).map(({ group, strategies: items }) => ({
        group,
        items: items.map((each) => ({
          value: each.name,
          label: each.title,
          disabled: lacks(each, given) !== null && each.name !== value,
        })),
      }))}
      renderOption={({ option }) => {
        const each = strategies.find(({ name }) => name === option.value);
        const lacking = each === undefined ? null : lacks(each, given);
        return (
          <span className={classes.option}>
            <span>{option.label}</span>
            <small>
              {each?.summary}
              {lacking !== null && <em> ({lacking})</em>}
            </small>
          </span>
        );
      }}
      value={value}
      error={error}
      {...(placeholder === undefined ? {} : { placeholder })}
      searchable={strategies.length > 8}
      allowDeselect={false}
      maxDropdownHeight={420}
      nothingFoundMessage={t("No such strategy")}
      comboboxProps={{ transitionProps: { duration: 0 } }}
      onChange={(name) => name !== null && onChange(name)}
    />
  );
}
