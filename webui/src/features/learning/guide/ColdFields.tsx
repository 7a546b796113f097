import { NumberInput } from "@mantine/core";
import type { ComponentInfo } from "@/api/schema";
import type { Given } from "@/shared/artefacts/strategies";
import type { Mode } from "@/shared/form/schema";
import { StrategyFields } from "@/shared/strategies/StrategyFields";
import { t } from "@/shared/words/translate";
import classes from "./GuideForm.module.css";
import type { GuideDraft } from "./guideDraft";

interface Props {
  strategies: readonly ComponentInfo[];
  labels: readonly string[];
  given: Given;
  mode: Mode;
  draft: GuideDraft;
  error: string | null;
  onChange: (part: Partial<GuideDraft>) => void;
}

/** What comes before there are labels to be uncertain about. */
export function ColdFields({ strategies, labels, given, mode, draft, error, onChange }: Props) {
  return (
    <fieldset className={classes.group}>
      <legend>{t("Cold start")}</legend>
      <div className={classes.cold}>
        <NumberInput
          maw="20rem"
          label={t("Texts of each label before the strategy takes over")}
          value={draft.coldLabels}
          min={0}
          max={100}
          allowDecimal={false}
          clampBehavior="blur"
          onChange={(value) => onChange({ coldLabels: Number(value) || 0 })}
        />
        {draft.coldLabels > 0 && (
          <StrategyFields
            label={t("Until then texts come by")}
            strategies={strategies}
            labels={labels}
            given={given}
            mode={mode}
            draft={draft.cold}
            error={error}
            onChange={(cold) => onChange({ cold })}
          />
        )}
      </div>
    </fieldset>
  );
}
