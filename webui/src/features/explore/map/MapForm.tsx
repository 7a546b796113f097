import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ComponentInfo, FeatureInfo, JobView } from "@/api/schema";
import { componentsQuery } from "@/shared/artefacts/api";
import { firstFeatures } from "@/shared/artefacts/choosing";
import { ComponentSelect } from "@/shared/form/ComponentSelect";
import { useMode } from "@/shared/form/mode";
import { ParamsForm } from "@/shared/form/ParamsForm";
import { requestRefusal } from "@/shared/form/serverErrors";
import { useParams } from "@/shared/form/useParams";
import { StartForm } from "@/shared/jobs/StartForm";
import classes from "@/shared/jobs/StartForm.module.css";
import { useStart } from "@/shared/jobs/useStart";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { slugged } from "@/shared/words/slug";
import { t } from "@/shared/words/translate";
import own from "./Map.module.css";

/** What is made of a feature here: a map, or topics. */
export interface Making {
  readonly kind: "projection" | "topic-model";
  /** The component to begin with. */
  readonly first: string;
  /** A name to begin with. */
  readonly name: string;
  readonly title: string;
  readonly start: string;
  readonly note: string;
  readonly make: (
    slug: string,
    wish: {
      name: string;
      feature: string;
      component: string;
      params: { [name: string]: unknown };
    },
  ) => Promise<JobView>;
}

interface Props {
  slug: string;
  making: Making;
  features: readonly FeatureInfo[];
  /** Names that are given already. */
  taken: readonly string[];
  onDone: () => void;
}

/** What a map or topics are to be made of, and how. */
export function MapForm(props: Props) {
  const components = useQuery(componentsQuery);
  if (components.error) return <Notice error={components.error} />;
  if (components.data === undefined) return <Skeleton lines={4} />;
  return (
    <Fields
      {...props}
      components={components.data.filter(({ kind }) => kind === props.making.kind)}
    />
  );
}

function Fields({
  slug,
  making,
  features,
  taken,
  onDone,
  components,
}: Props & { components: readonly ComponentInfo[] }) {
  const [chosen, setChosen] = useState(making.first);
  const component = components.find(({ name }) => name === chosen) ?? components[0];
  const [feature, setFeature] = useState(() => firstFeatures(features)[0] ?? "");
  const [named, setNamed] = useState<string | null>(null);
  const name = named ?? freeName(making.name, taken);
  const [mode] = useMode();
  const starting = useStart(making.make, slug, onDone);
  const form = useParams(component, starting.error);
  const { params } = form;
  const refusal = requestRefusal(form.rest, ["name", "feature"]);
  return (
    <StartForm
      title={making.title}
      start={making.start}
      estimate={null}
      note={<p className={own.soft}>{making.note}</p>}
      problem={refusal.rest}
      ready={component !== undefined && params !== null && slugged(name) !== "" && feature !== ""}
      pending={starting.isPending}
      onCancel={onDone}
      onStart={() => {
        if (component === undefined || params === null) return;
        form.sending();
        starting.mutate({ name: slugged(name), feature, component: component.name, params });
      }}
    >
      <div className={classes.pair}>
        <label className={own.choice}>
          <span>{t("Made of the feature")}</span>
          <select value={feature} onChange={(event) => setFeature(event.currentTarget.value)}>
            {features.map(({ id, name: each }) => (
              <option key={id} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <TextInput
          label={t("Name")}
          value={name}
          error={refusal.errors.name ?? null}
          onChange={(event) => setNamed(event.currentTarget.value)}
        />
      </div>
      <ComponentSelect
        label={t("Method")}
        components={components}
        chosen={component}
        onChange={setChosen}
      />
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

/** Find a name that is free: "map", then "map-2". */
function freeName(wish: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? wish : `${wish}-${number}`;
    if (!taken.includes(tried)) return tried;
  }
}
