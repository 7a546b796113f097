import { Checkbox, NumberInput } from "@mantine/core";
import { t } from "@/shared/words/translate";
import classes from "./GuideForm.module.css";
import type { GuideDraft } from "./guideDraft";

interface Props {
  draft: GuideDraft;
  onChange: (part: Partial<GuideDraft>) => void;
}

/** When the guide learns by itself. Whatever is chosen, it can be told to at any time. */
export function RefreshFields({ draft, onChange }: Props) {
  const { refreshEvery, refreshIdle } = draft;
  return (
    <fieldset className={classes.group}>
      <legend>{t("When it learns")}</legend>
      <div className={classes.when}>
        <Checkbox
          label={t("After so many annotations")}
          checked={refreshEvery !== null}
          onChange={(event) => onChange({ refreshEvery: event.currentTarget.checked ? 10 : null })}
        />
        <NumberInput
          aria-label={t("Annotations between two refreshes")}
          value={refreshEvery ?? ""}
          disabled={refreshEvery === null}
          min={1}
          max={10_000}
          allowDecimal={false}
          clampBehavior="blur"
          onChange={(value) => onChange({ refreshEvery: Number(value) || 1 })}
        />
        <Checkbox
          label={t("Once nobody has annotated for so many seconds")}
          checked={refreshIdle !== null}
          onChange={(event) => onChange({ refreshIdle: event.currentTarget.checked ? 5 : null })}
        />
        <NumberInput
          aria-label={t("Seconds without an annotation")}
          value={refreshIdle ?? ""}
          disabled={refreshIdle === null}
          min={1}
          max={86_400}
          clampBehavior="blur"
          onChange={(value) => onChange({ refreshIdle: Number(value) || 1 })}
        />
      </div>
      {refreshEvery === null && refreshIdle === null && (
        <p className={classes.hint}>{t("It learns only when somebody presses “Refresh now”.")}</p>
      )}
    </fieldset>
  );
}
