import { Button, Select } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ProjectState } from "@/api/schema";
import { componentsQuery } from "@/shared/artefacts/api";
import { save } from "@/shared/download";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { type Exported, exportFile, type Wish } from "./api";
import classes from "./Settings.module.css";

/** Takes what was made in a project along, in a format that other software reads. */
export function ExportForm({ state }: { state: ProjectState }) {
  const { slug } = state.project;
  const components = useQuery(componentsQuery);
  const formats = (components.data ?? []).filter(({ kind }) => kind === "exporter");
  const [what, setWhat] = useState<Exported>("annotations");
  const [of, setOf] = useState<Partial<Record<Source["kind"], string>>>({});
  const [format, setFormat] = useState<string | null>(null);
  const source = sourceOf(what, state);
  const chosen = of[source.kind] ?? source.names[0] ?? null;
  const written = format ?? formats[0]?.name ?? null;
  const exporting = useMutation({
    mutationFn: async (wish: Wish) => {
      const { content, name } = await exportFile(slug, wish);
      save(content, name);
    },
  });
  const ready = chosen !== null && written !== null;
  return (
    <section aria-labelledby="export" className={classes.section}>
      <h2 id="export">{t("Export")}</h2>
      <p>{WHAT[what]}</p>
      <form
        className={classes.form}
        aria-labelledby="export"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) exporting.mutate({ what, format: written, [source.kind]: chosen });
        }}
      >
        <div className={classes.three}>
          <Select
            label={t("What")}
            data={names()}
            value={what}
            allowDeselect={false}
            onChange={(picked) => picked !== null && setWhat(picked as Exported)}
          />
          <Select
            label={source.title}
            data={[...source.names]}
            value={chosen}
            allowDeselect={false}
            disabled={source.names.length === 0}
            onChange={(picked) => picked !== null && setOf({ ...of, [source.kind]: picked })}
          />
          {what !== "codebook" && (
            <Select
              label={t("Format")}
              data={formats.map(({ name, title }) => ({ value: name, label: title }))}
              value={written}
              allowDeselect={false}
              description={formats.find(({ name }) => name === written)?.summary}
              inputWrapperOrder={["label", "input", "description", "error"]}
              onChange={setFormat}
            />
          )}
        </div>
        {source.names.length === 0 && <p className={classes.none}>{source.none}</p>}
        {(components.error ?? exporting.error) && (
          <Notice error={components.error ?? exporting.error} />
        )}
        <Button type="submit" variant="default" loading={exporting.isPending} disabled={!ready}>
          {t("Download")}
        </Button>
      </form>
    </section>
  );
}

/** Of what there may be one, and which there are. */
interface Source {
  readonly kind: "scheme" | "model" | "feature";
  readonly title: string;
  readonly names: readonly string[];
  readonly none: string;
}

function sourceOf(what: Exported, { schemes, models, features }: ProjectState): Source {
  const named = (items: readonly { name: string }[]) => items.map(({ name }) => name);
  if (what === "predictions") {
    return {
      kind: "model",
      title: t("Of the model"),
      names: named(models),
      none: t("There is no model yet. Train one on the project's page of models."),
    };
  }
  if (what === "features") {
    return {
      kind: "feature",
      title: t("Of the feature"),
      names: named(features.filter(({ sparse }) => !sparse)),
      none: t("There is no dense feature yet. Compute one on the project's page of models."),
    };
  }
  return {
    kind: "scheme",
    title: t("Of the scheme"),
    names: named(schemes),
    none: t("There is no scheme yet. Make one on the project's overview."),
  };
}

const WHAT: Readonly<Record<Exported, string>> = {
  annotations: t("The value that counts for each coded text, and who gave it."),
  log: t("Everything that was said in a scheme, in the order in which it was said."),
  codebook: t("A scheme's codebook, as Markdown."),
  predictions: t("What a model says of each text, with its probabilities."),
  features: t("The numbers by which a feature describes each text."),
};

function names(): { value: Exported; label: string }[] {
  return [
    { value: "annotations", label: t("Annotations") },
    { value: "log", label: t("Annotation log") },
    { value: "codebook", label: t("Codebook") },
    { value: "predictions", label: t("Predictions") },
    { value: "features", label: t("Features") },
  ];
}
