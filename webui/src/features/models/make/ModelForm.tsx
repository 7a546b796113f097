import { MultiSelect, NumberInput, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ComponentInfo, FeatureInfo, ModelInfo, SchemeInfo } from "@/api/schema";
import { trainModel } from "@/shared/artefacts/api";
import { firstFeatures, firstModel, modelsFor } from "@/shared/artefacts/choosing";
import { ComponentSelect } from "@/shared/form/ComponentSelect";
import { useMode } from "@/shared/form/mode";
import { ParamsForm } from "@/shared/form/ParamsForm";
import { requestRefusal } from "@/shared/form/serverErrors";
import { useParams } from "@/shared/form/useParams";
import { useEstimate } from "@/shared/jobs/Estimate";
import { StartForm } from "@/shared/jobs/StartForm";
import classes from "@/shared/jobs/StartForm.module.css";
import { useStart } from "@/shared/jobs/useStart";
import { slugged } from "@/shared/words/slug";
import { t } from "@/shared/words/translate";
import { freeName, readsFeatures } from "./choosing";

interface Props {
  slug: string;
  components: readonly ComponentInfo[];
  schemes: readonly SchemeInfo[];
  features: readonly FeatureInfo[];
  models: readonly ModelInfo[];
  onDone: () => void;
}

/** A model: it learns a scheme from what was annotated, and predicts the rest. */
export function ModelForm({ slug, components, schemes, features, models, onDone }: Props) {
  const [schemeName, setScheme] = useState(schemes[0]?.name ?? "");
  const scheme = schemes.find(({ name }) => name === schemeName);
  const kinds = modelsFor(components, scheme);
  const [chosen, setChosen] = useState<string | null>(null);
  const component = kinds.find(({ name }) => name === chosen) ?? firstModel(kinds);
  const [read, setRead] = useState(() => firstFeatures(features));
  const [seed, setSeed] = useState(0);
  const [folds, setFolds] = useState(0);
  const [named, setNamed] = useState<string | null>(null);
  const wish = `${schemeName}-${component?.name ?? "model"}`;
  const name =
    named ??
    freeName(
      wish,
      models.map((each) => each.name),
    );
  const [mode] = useMode();
  const starting = useStart(trainModel, slug, onDone);
  const form = useParams(component, starting.error);
  const params = form.params;
  const reads = readsFeatures(component);
  const estimate = useEstimate(
    slug,
    component && params ? { kind: "train", component: component.name, params } : null,
  );
  const refusal = requestRefusal(form.rest, ["name", "features", "scheme", "seed", "folds"]);
  const ready =
    component !== undefined &&
    params !== null &&
    slugged(name) !== "" &&
    (!reads || read.length > 0);
  return (
    <StartForm
      title={t("Train a model")}
      start={t("Train it")}
      estimate={estimate}
      problem={refusal.rest}
      ready={ready}
      pending={starting.isPending}
      onCancel={onDone}
      onStart={() => {
        if (component === undefined || params === null) return;
        form.sending();
        starting.mutate({
          name: slugged(name),
          scheme: schemeName,
          component: component.name,
          features: reads ? [...read] : [],
          params,
          seed,
          folds,
        });
      }}
    >
      <div className={classes.pair}>
        <Select
          label={t("Learns the scheme")}
          data={schemes.map((each) => each.name)}
          value={schemeName}
          allowDeselect={false}
          error={refusal.errors.scheme ?? null}
          description={scheme === undefined ? null : coded(scheme)}
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={(picked) => picked !== null && setScheme(picked)}
        />
        <ComponentSelect
          label={t("Kind")}
          components={kinds}
          chosen={component}
          onChange={setChosen}
        />
        {reads && (
          <MultiSelect
            label={t("Reads the features")}
            data={features.map((each) => each.name)}
            value={[...read]}
            error={refusal.errors.features ?? null}
            description={features.length === 0 ? t("There is none yet: compute one first.") : null}
            inputWrapperOrder={["label", "input", "description", "error"]}
            onChange={setRead}
          />
        )}
        <TextInput
          label={t("Name")}
          value={name}
          error={refusal.errors.name ?? null}
          description={
            slugged(name) === name ? null : t("Saved as {{name}}", { name: slugged(name) })
          }
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={(event) => setNamed(event.currentTarget.value)}
        />
        {(mode !== "easy" || folds > 0) && (
          <NumberInput
            label={t("Folds of a cross-validation")}
            description={t(
              "0: none. 5 also judges the model on what it learns from, and costs five trainings more",
            )}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={folds}
            min={0}
            max={20}
            allowDecimal={false}
            error={refusal.errors.folds ?? null}
            onChange={(value) => setFolds(Number(value) || 0)}
          />
        )}
        {mode === "pro" && (
          <NumberInput
            label={t("Seed")}
            description={t("Start of every random choice")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={seed}
            min={0}
            max={2 ** 31 - 1}
            allowDecimal={false}
            error={refusal.errors.seed ?? null}
            onChange={(value) => setSeed(Number(value) || 0)}
          />
        )}
      </div>
      {scheme !== undefined && kinds.length === 0 && (
        <p>{t("No model that is installed can learn a scheme of this kind.")}</p>
      )}
      <ParamsForm
        fields={form.fields}
        mode={mode}
        draft={form.draft}
        errors={form.errors}
        onChange={form.change}
      />
    </StartForm>
  );
}

function coded({ annotated }: SchemeInfo): string {
  return t("{{count}} texts are coded to learn from", { count: annotated.train });
}
