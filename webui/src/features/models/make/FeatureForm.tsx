import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { ComponentInfo, FeatureInfo } from "@/api/schema";
import { computeFeature } from "@/shared/artefacts/api";
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
import { firstFeature, freeName } from "./choosing";

interface Props {
  slug: string;
  components: readonly ComponentInfo[];
  features: readonly FeatureInfo[];
  onDone: () => void;
}

/** A feature: numbers for every text of the corpus, which models read. */
export function FeatureForm({ slug, components, features, onDone }: Props) {
  const kinds = components.filter(({ kind }) => kind === "feature");
  const [chosen, setChosen] = useState(() => firstFeature(kinds)?.name);
  const component = kinds.find(({ name }) => name === chosen);
  const [named, setNamed] = useState<string | null>(null);
  const name =
    named ??
    freeName(
      chosen ?? "feature",
      features.map((each) => each.name),
    );
  const [mode] = useMode();
  const starting = useStart(computeFeature, slug, onDone);
  const form = useParams(component, starting.error);
  const params = form.params;
  const estimate = useEstimate(
    slug,
    component && params ? { kind: "feature", component: component.name, params } : null,
  );
  const refusal = requestRefusal(form.rest, ["name"]);
  return (
    <StartForm
      title={t("Compute a feature")}
      start={t("Compute it")}
      estimate={estimate}
      problem={refusal.rest}
      ready={component !== undefined && params !== null && slugged(name) !== ""}
      pending={starting.isPending}
      onCancel={onDone}
      onStart={() => {
        if (component === undefined || params === null) return;
        form.sending();
        starting.mutate({ name: slugged(name), component: component.name, params });
      }}
    >
      <div className={classes.pair}>
        <ComponentSelect
          label={t("Kind")}
          components={kinds}
          chosen={component}
          onChange={setChosen}
        />
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
      </div>
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
