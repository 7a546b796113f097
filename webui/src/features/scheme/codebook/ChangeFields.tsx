import { MultiSelect, Radio, TextInput } from "@mantine/core";
import type { LabelInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";
import classes from "./Codebook.module.css";
import type { Change } from "./change";

interface Props {
  change: Change;
  labels: readonly LabelInfo[];
  onChange: (change: Change) => void;
}

/** What a version changed and why: asked for when it is saved, and afterwards. */
export function ChangeFields({ change, labels, onChange }: Props) {
  const names = [...new Set([...labels.map(({ name }) => name), ...change.labels])];
  return (
    <div className={classes.change}>
      <TextInput
        label={t("What changed, and why")}
        description={t("Shown to everybody beside the version.")}
        dir="auto"
        maxLength={10_000}
        value={change.note}
        onChange={(event) => onChange({ ...change, note: event.currentTarget.value })}
      />
      <Radio.Group
        label={t("Answers given before")}
        value={change.kind}
        onChange={(kind) => onChange({ ...change, kind: kind as Change["kind"] })}
      >
        <Radio value="none" label={t("stay valid: the text is only clearer")} />
        <Radio value="labels" label={t("are outdated where they have certain labels")} />
        <Radio value="all" label={t("are all outdated")} />
      </Radio.Group>
      {change.kind === "labels" && (
        <MultiSelect
          label={t("Labels that mean something else now")}
          data={names}
          searchable
          hidePickedOptions
          value={[...change.labels]}
          onChange={(chosen) => onChange({ ...change, labels: chosen })}
        />
      )}
    </div>
  );
}
