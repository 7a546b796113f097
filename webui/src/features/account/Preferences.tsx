import { SegmentedControl, Select } from "@mantine/core";
import { ModeSwitch } from "@/shared/form/ModeSwitch";
import { useMode } from "@/shared/form/mode";
import { rememberLanguage } from "@/shared/session/preferences";
import { useAppearance } from "@/shared/session/usePreferences";
import { APPEARANCE_NAMES, APPEARANCES } from "@/shared/theme/appearance";
import { ownName } from "@/shared/words/languages";
import { language, languages, t } from "@/shared/words/translate";
import classes from "./Account.module.css";

/** Language, look, and how much is to be decided: the same on every machine. */
export function Preferences() {
  const [appearance, setAppearance] = useAppearance();
  const [mode] = useMode();
  return (
    <section aria-labelledby="preferences" className={classes.section}>
      <h2 id="preferences">{t("Preferences")}</h2>
      <p>{t("They are kept with your account, for every machine.")}</p>
      <div className={classes.preferences}>
        <Select
          label={t("Language")}
          data={languages.map((code) => ({ value: code, label: ownName(code) }))}
          value={language()}
          allowDeselect={false}
          onChange={(code) => code !== null && code !== language() && void rememberLanguage(code)}
        />
        <fieldset>
          <legend>{t("Appearance")}</legend>
          <SegmentedControl
            data={APPEARANCES.map((value) => ({ value, label: APPEARANCE_NAMES[value] }))}
            value={appearance}
            onChange={(value) => setAppearance(value as (typeof APPEARANCES)[number])}
            aria-label={t("Appearance")}
            transitionDuration={0}
          />
        </fieldset>
        <fieldset>
          <legend>{t("How much to decide")}</legend>
          <ModeSwitch />
          <p className={classes.decided}>{MODES[mode]}</p>
        </fieldset>
      </div>
    </section>
  );
}

const MODES = {
  easy: t("Forms decide for you and say what they chose."),
  medium: t("Forms show the choices that change results."),
  pro: t("Forms show everything."),
} as const;
