import { CloseButton } from "@mantine/core";
import { useState } from "react";
import type { ComponentInfo } from "@/api/schema";
import { type Given, lacks } from "@/shared/artefacts/strategies";
import type { Mode } from "@/shared/form/schema";
import { StrategyFields } from "@/shared/strategies/StrategyFields";
import { StrategySelect } from "@/shared/strategies/StrategySelect";
import {
  begin,
  choiceTitle,
  readStrategy,
  type StrategyDraft,
} from "@/shared/strategies/strategyDraft";
import { t } from "@/shared/words/translate";
import classes from "./Simulations.module.css";

interface Props {
  strategies: readonly ComponentInfo[];
  labels: readonly string[];
  given: Given;
  mode: Mode;
  chosen: readonly StrategyDraft[];
  onChange: (chosen: readonly StrategyDraft[]) => void;
}

export const MOST = 12;

/** The strategies to compare, each with its form behind it. */
export function StrategyChips(props: Props) {
  const { strategies, labels, given, mode, chosen, onChange } = props;
  const [opened, setOpened] = useState<number | null>(null);
  const open = opened === null ? undefined : chosen[opened];
  const titleOf = (draft: StrategyDraft) => {
    const read = readStrategy(draft, strategies, labels);
    return choiceTitle(read ?? { name: draft.name, params: {} }, strategies);
  };
  const add = (name: string) => {
    const draft = begin({ name, params: {} }, strategies, labels);
    onChange([...chosen, draft]);
    // What cannot run as it stands is shown at once.
    const incomplete = readStrategy(draft, strategies, labels) === null || draft.base !== null;
    setOpened(incomplete ? chosen.length : null);
  };
  const remove = (at: number) => {
    onChange(chosen.toSpliced(at, 1));
    setOpened(null);
  };
  return (
    <fieldset className={classes.strategies}>
      <legend>{t("Strategies to compare")}</legend>
      <ul className={classes.chips}>
        <li className={classes.chip} data-fixed="true">
          {t("At random, always")}
        </li>
        {chosen.map((draft, at) => {
          const title = titleOf(draft);
          const wrong =
            readStrategy(draft, strategies, labels) === null || isLacking(draft, strategies, given);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: one strategy may stand there twice
            <li key={`${draft.name}/${at}`} className={classes.chip} data-wrong={wrong}>
              <button
                type="button"
                aria-expanded={opened === at}
                onClick={() => setOpened(opened === at ? null : at)}
              >
                {title}
                {wrong && <span className={classes.wrong}> {t("needs a look")}</span>}
              </button>
              <CloseButton
                size="sm"
                aria-label={t("Leave out {{title}}", { title })}
                onClick={() => remove(at)}
              />
            </li>
          );
        })}
      </ul>
      {opened !== null && open !== undefined && (
        <div className={classes.opened}>
          <StrategyFields
            label={t("Strategy")}
            strategies={strategies}
            labels={labels}
            given={given}
            mode={mode}
            draft={open}
            onChange={(draft) => onChange(chosen.with(opened, draft))}
          />
        </div>
      )}
      {chosen.length < MOST - 1 && (
        <StrategySelect
          // A new one each time, so that the field is empty again.
          key={chosen.length}
          label={t("Add one")}
          placeholder={t("Choose a strategy")}
          strategies={strategies}
          given={given}
          value={null}
          onChange={add}
        />
      )}
    </fieldset>
  );
}

/** Whether a strategy, or the one that it changes, cannot work with what is there. */
export function isLacking(
  draft: StrategyDraft,
  strategies: readonly ComponentInfo[],
  given: Given,
): boolean {
  const strategy = strategies.find(({ name }) => name === draft.name);
  if (strategy === undefined || lacks(strategy, given) !== null) return true;
  return draft.base !== null && isLacking(draft.base, strategies, given);
}
