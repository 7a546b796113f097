import { Button, Checkbox, MultiSelect, NumberInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toProblem } from "@/api/problem";
import type { ComponentInfo, NewGuide, ProjectState, SchemeInfo } from "@/api/schema";
import { firstModel, guidingModels } from "@/shared/artefacts/choosing";
import { startsCold, strategyTitle, suits } from "@/shared/artefacts/strategies";
import { ComponentSelect } from "@/shared/form/ComponentSelect";
import { ModeSwitch } from "@/shared/form/ModeSwitch";
import { useMode } from "@/shared/form/mode";
import { ParamsForm } from "@/shared/form/ParamsForm";
import { requestRefusal } from "@/shared/form/serverErrors";
import { useParams } from "@/shared/form/useParams";
import { titleOf } from "@/shared/jobs/words";
import { StrategyFields } from "@/shared/strategies/StrategyFields";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { putGuide } from "../api";
import { ColdFields } from "./ColdFields";
import classes from "./GuideForm.module.css";
import { beginGuide, type GuideDraft, given, plainOnes, readGuide } from "./guideDraft";
import { RefreshFields } from "./RefreshFields";
import { refreshWords } from "./words";

interface Props {
  state: ProjectState;
  scheme: SchemeInfo;
  components: readonly ComponentInfo[];
  onDone: () => void;
}

/** What the guide is to be: from two choices in easy mode to everything in pro. */
export function GuideForm({ state, scheme, components, onDone }: Props) {
  const { features, project } = state;
  const { guide } = scheme;
  const client = useQueryClient();
  const [mode] = useMode();
  const labels = scheme.labels.map(({ name }) => name);
  const strategies = components.filter(
    (each) => each.kind === "strategy" && suits(each, scheme.type),
  );
  const models = guidingModels(components, scheme);
  const [draft, setDraft] = useState(() =>
    beginGuide(guide, firstModel(models)?.name ?? "", features, strategies, labels),
  );
  const change = (part: Partial<GuideDraft>) => setDraft({ ...draft, ...part });
  const setting = useMutation({
    mutationFn: (wish: NewGuide) => putGuide(project.slug, scheme.name, wish),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", project.slug] });
      onDone();
    },
  });
  const model = models.find(({ name }) => name === draft.model);
  const form = useParams(model, setting.error, guide?.params);
  const refusal = requestRefusal(form.rest, ["features", "model", "strategy", "cold_start"]);
  const wish = readGuide(draft, form.params, strategies, labels);
  const trained = state.models.filter((each) => each.scheme === scheme.name).length;
  const there = given(draft, features, trained);
  const shown = { medium: mode !== "easy", pro: mode === "pro" };
  return (
    <form
      className={classes.form}
      aria-label={guide === null ? t("Set a guide") : t("Change the guide")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (wish === null) return;
        form.sending();
        setting.mutate(wish);
      }}
    >
      <div className={classes.head}>
        <h2 ref={focusOnce} tabIndex={-1}>
          {guide === null ? t("Set a guide") : t("Change the guide")}
        </h2>
        <ModeSwitch />
      </div>
      <div className={classes.pair}>
        <MultiSelect
          label={t("Reads the features")}
          data={features.map(({ name }) => name)}
          value={[...draft.features]}
          error={refusal.errors.features ?? null}
          description={
            features.length === 0
              ? t("There is none yet: compute one on the page of models first.")
              : t("What it knows of each text")
          }
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={(chosen) => change({ features: chosen })}
        />
        {shown.medium && (
          <ComponentSelect
            label={t("Model")}
            components={models}
            chosen={model}
            onChange={(name) => change({ model: name })}
          />
        )}
      </div>
      {shown.medium && (
        <ParamsForm
          fields={form.fields}
          mode={mode}
          draft={form.draft}
          errors={form.errors}
          onChange={form.change}
        />
      )}
      <StrategyFields
        label={t("Which text comes next")}
        strategies={strategies}
        labels={labels}
        given={there}
        mode={mode}
        draft={draft.strategy}
        error={refusal.errors.strategy ?? null}
        onChange={(strategy) => change({ strategy })}
      />
      {shown.medium && (
        <>
          <Checkbox
            label={t("Push near copies back")}
            description={t("So that hardly the same text is not offered twice in a row")}
            checked={draft.varied}
            onChange={(event) => change({ varied: event.currentTarget.checked })}
          />
          <RefreshFields draft={draft} onChange={change} />
          <ColdFields
            strategies={plainOnes(strategies).filter(startsCold)}
            labels={labels}
            given={there}
            mode={mode}
            draft={draft}
            error={refusal.errors.cold_start ?? null}
            onChange={change}
          />
        </>
      )}
      {shown.pro && (
        <div className={classes.pair}>
          <NumberInput
            maw="20rem"
            label={t("Ensemble")}
            description={t(
              "So many models, each on a resample of the labels, for strategies that ask several opinions; 0: none",
            )}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={draft.ensemble}
            min={0}
            max={20}
            allowDecimal={false}
            error={draft.ensemble === 1 ? t("None, or at least 2.") : null}
            onChange={(value) => change({ ensemble: Number(value) || 0 })}
          />
        </div>
      )}
      {!shown.medium && <Decided draft={draft} components={components} strategies={strategies} />}
      {refusal.rest !== null && <Notice error={toProblem(refusal.rest)} />}
      <div className={classes.end}>
        <Button variant="default" onClick={onDone}>
          {t("Cancel")}
        </Button>
        <Button
          type="submit"
          loading={setting.isPending}
          disabled={wish === null || draft.ensemble === 1}
        >
          {guide === null ? t("Set the guide") : t("Save")}
        </Button>
      </div>
    </form>
  );
}

/** Whoever opened the form by key goes on from its beginning. */
function focusOnce(heading: HTMLElement | null): void {
  heading?.focus();
}

interface DecidedProps {
  draft: GuideDraft;
  components: readonly ComponentInfo[];
  strategies: readonly ComponentInfo[];
}

/** What easy mode has decided, in a sentence. */
function Decided({ draft, components, strategies }: DecidedProps) {
  const refresh = refreshWords({
    refresh_every: draft.refreshEvery ?? 0,
    refresh_idle_seconds: draft.refreshIdle,
  });
  return (
    <p className={classes.decided}>
      {[
        t("Chosen for you: {{model}} learns {{when}}.", {
          model: titleOf("model", draft.model, { components }),
          when: refresh,
        }),
        ...(draft.coldLabels > 0
          ? [
              t("Until each label has {{count}} texts, they come by “{{strategy}}”.", {
                count: draft.coldLabels,
                strategy: strategyTitle(strategies, draft.cold.name),
              }),
            ]
          : []),
        ...(draft.varied ? [t("Near copies are pushed back.")] : []),
      ].join(" ")}
    </p>
  );
}
