import { MultiSelect, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ComponentInfo, ProjectState, SchemeInfo } from "@/api/schema";
import { firstFeatures, firstModel, guidingModels } from "@/shared/artefacts/choosing";
import { suits } from "@/shared/artefacts/strategies";
import { ComponentSelect } from "@/shared/form/ComponentSelect";
import { useMode } from "@/shared/form/mode";
import { ParamsForm } from "@/shared/form/ParamsForm";
import { requestRefusal } from "@/shared/form/serverErrors";
import { useParams } from "@/shared/form/useParams";
import { StartForm } from "@/shared/jobs/StartForm";
import classes from "@/shared/jobs/StartForm.module.css";
import { useStart } from "@/shared/jobs/useStart";
import { type Choice, readStrategy, type StrategyDraft } from "@/shared/strategies/strategyDraft";
import { t } from "@/shared/words/translate";
import { simulate } from "../api";
import { PlanFields } from "./PlanFields";
import { canBeSimulated, firstPlan, firstStrategies, LEAST, labelled, reach } from "./plan";
import own from "./Simulations.module.css";
import { isLacking, StrategyChips } from "./StrategyChips";

interface Props {
  state: ProjectState;
  scheme: SchemeInfo;
  components: readonly ComponentInfo[];
  onDone: () => void;
}

/** What to replay: which strategies, on what is annotated already. */
export function SimulationForm({ state, scheme: here, components, onDone }: Props) {
  const { features, project, schemes } = state;
  const [mode] = useMode();
  const [schemeName, setScheme] = useState(here.name);
  const scheme = schemes.find(({ name }) => name === schemeName) ?? here;
  const labels = scheme.labels.map(({ name }) => name);
  const strategies = components.filter(
    (each) => each.kind === "strategy" && suits(each, scheme.type) && canBeSimulated(each),
  );
  const models = guidingModels(components, scheme);
  const [read, setRead] = useState<readonly string[]>(
    () => scheme.guide?.features ?? firstFeatures(features),
  );
  const dense = features.filter(({ sparse }) => !sparse).map(({ name }) => name);
  const given = {
    guide: true,
    embeddings: read.some((name) => dense.includes(name)),
    committee: true,
    llm: false,
  };
  const [chosen, setChosen] = useState<readonly StrategyDraft[]>(() =>
    firstStrategies(scheme, strategies, given),
  );
  const [named, setNamed] = useState("");
  const [modelName, setModel] = useState(scheme.guide?.model ?? firstModel(models)?.name);
  const model = models.find(({ name }) => name === modelName) ?? firstModel(models);
  const count = labelled(scheme);
  const [change, setChange] = useState<Partial<ReturnType<typeof firstPlan>>>({});
  const plan = { ...firstPlan(count), ...change };
  const starting = useStart(simulate, project.slug, onDone);
  const form = useParams(model, starting.error, scheme.guide?.params);
  const refusal = requestRefusal(form.rest, ["name", "features", "scheme", "model"]);
  const choices = chosen.map((draft) =>
    isLacking(draft, strategies, given) ? null : readStrategy(draft, strategies, labels),
  );
  const ready =
    form.params !== null &&
    model !== undefined &&
    read.length > 0 &&
    choices.length > 0 &&
    choices.every((choice) => choice !== null);
  return (
    <StartForm
      title={t("Compare strategies")}
      start={t("Start it")}
      estimate={null}
      note={<Work strategies={chosen.length + 1} {...plan} />}
      problem={refusal.rest}
      ready={ready}
      pending={starting.isPending}
      onCancel={onDone}
      onStart={() => {
        if (model === undefined || form.params === null) return;
        form.sending();
        starting.mutate({
          scheme: scheme.name,
          name: named.trim(),
          features: [...read],
          model: model.name,
          params: form.params,
          strategies: choices.filter((choice): choice is Choice => choice !== null),
          ...plan,
        });
      }}
    >
      <div className={classes.pair}>
        <Select
          label={t("Replays the labels of")}
          data={schemes.map(({ name }) => name)}
          value={scheme.name}
          allowDeselect={false}
          error={refusal.errors.scheme ?? null}
          description={enough(count)}
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={(name) => {
            const next = schemes.find((each) => each.name === name);
            if (next === undefined) return;
            setScheme(next.name);
            setChange({});
            setChosen(firstStrategies(next, strategies, given));
          }}
        />
        <MultiSelect
          label={t("Reads the features")}
          data={features.map(({ name }) => name)}
          value={[...read]}
          error={refusal.errors.features ?? null}
          description={features.length === 0 ? t("There is none yet: compute one first.") : null}
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={setRead}
        />
        {mode !== "easy" && (
          <ComponentSelect
            label={t("Model")}
            components={models}
            chosen={model}
            onChange={setModel}
          />
        )}
        {mode !== "easy" && (
          <TextInput
            label={t("Name")}
            placeholder={t("What is to be found out")}
            maxLength={100}
            value={named}
            error={refusal.errors.name ?? null}
            onChange={(event) => setNamed(event.currentTarget.value)}
          />
        )}
      </div>
      {mode !== "easy" && (
        <ParamsForm
          fields={form.fields}
          mode={mode}
          draft={form.draft}
          errors={form.errors}
          onChange={form.change}
        />
      )}
      <StrategyChips
        strategies={strategies}
        labels={labels}
        given={given}
        mode={mode}
        chosen={chosen}
        onChange={setChosen}
      />
      <PlanFields
        plan={plan}
        mode={mode}
        most={count}
        onChange={(part) => setChange({ ...change, ...part })}
      />
    </StartForm>
  );
}

function enough(count: number): string {
  return count < LEAST
    ? t("{{count}} texts annotated: too few to tell strategies apart", { count })
    : t("{{count}} texts annotated", { count });
}

interface WorkProps {
  strategies: number;
  start: number;
  batch: number;
  rounds: number;
  seeds: number;
}

/** What the computer will do, in a sentence. */
function Work({ strategies, start, batch, rounds, seeds }: WorkProps) {
  const models = strategies * seeds * (rounds + 1);
  return (
    <p className={own.work}>
      {t("From {{start}} to {{end}} labels in steps of {{batch}}, with {{starts}}: {{models}}.", {
        start,
        end: reach({ start, batch, rounds }),
        batch,
        starts: t("{{count}} starts", { count: seeds }),
        models: t("{{count}} models to train", { count: models }),
      })}
    </p>
  );
}
