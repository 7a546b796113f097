import type { ComponentInfo } from "@/api/schema";
import { type Given, isWrapper } from "@/shared/artefacts/strategies";
import { ParamsForm } from "@/shared/form/ParamsForm";
import type { Mode } from "@/shared/form/schema";
import { t } from "@/shared/words/translate";
import classes from "./Strategies.module.css";
import { StrategySelect } from "./StrategySelect";
import { ownErrors, ownFields, rename, type StrategyDraft } from "./strategyDraft";

interface Props {
  label: string;
  strategies: readonly ComponentInfo[];
  labels: readonly string[];
  given: Given;
  mode: Mode;
  draft: StrategyDraft;
  onChange: (draft: StrategyDraft) => void;
  error?: string | null;
}

/** A strategy and its form; where it changes another one, that one and its form too. */
export function StrategyFields(props: Props) {
  const { label, strategies, labels, given, mode, draft, onChange, error = null } = props;
  const strategy = strategies.find(({ name }) => name === draft.name);
  const fields = ownFields(strategy, labels);
  const { base } = draft;
  const plain = strategies.filter((each) => !isWrapper(each) || each.name === base?.name);
  return (
    <div className={classes.fields}>
      <StrategySelect
        label={label}
        strategies={strategies}
        given={given}
        value={draft.name}
        error={error}
        onChange={(name) => onChange(rename(draft, name, strategies, labels))}
      />
      <ParamsForm
        fields={fields}
        mode={mode}
        draft={draft.drafts[draft.name] ?? {}}
        errors={ownErrors(draft, strategies, labels)}
        onChange={(own) => onChange({ ...draft, drafts: { ...draft.drafts, [draft.name]: own } })}
      />
      {isWrapper(strategy) && base !== null && (
        <div className={classes.base}>
          <StrategyFields
            label={t("Changes the order of")}
            strategies={plain}
            labels={labels}
            given={given}
            mode={mode}
            draft={base}
            onChange={(changed) => onChange({ ...draft, base: changed })}
          />
        </div>
      )}
    </div>
  );
}
