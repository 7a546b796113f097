import { Button, NumberInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { DrawPlan, ProjectState, SampleInfo, SchemeInfo } from "@/api/schema";
import { modelsQuery } from "@/shared/artefacts/api";
import { ModeSwitch } from "@/shared/form/ModeSwitch";
import { useMode } from "@/shared/form/mode";
import { requestRefusal } from "@/shared/form/serverErrors";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { drawSample, samplesQuery } from "./api";
import { COLUMN, type DrawDraft, drawPlan, MODEL } from "./plan";
import classes from "./Results.module.css";
import { freeName } from "./samples";

interface Props {
  state: ProjectState;
  scheme: SchemeInfo;
  samples: readonly SampleInfo[];
  /** What a plan has come to. */
  n: number;
  stratified: boolean;
  onDone: () => void;
}

const ORDER = ["label", "input", "description", "error"] as const;

/** A sample to be drawn: how many texts, of which, and whether by strata. */
export function DrawForm({ state, scheme, samples, n, stratified, onDone }: Props) {
  const { project } = state;
  const { slug } = project;
  const models = (useQuery(modelsQuery(slug)).data ?? []).filter(
    (each) => each.scheme === scheme.name && each.predicted_rows !== null,
  );
  const [name, setName] = useState(() => freeName(samples, t("sample")));
  const [draft, setDraft] = useState<DrawDraft>({
    n: Math.min(n, project.n_rows),
    split: "all",
    strata: stratified && models.length > 0 ? `${MODEL}${models.at(-1)?.name}` : "",
    allocation: stratified ? "neyman" : "proportional",
    least: 2,
    // Another sample is another draw.
    seed: samples.length,
  });
  const change = (part: Partial<DrawDraft>) => setDraft({ ...draft, ...part });
  const [mode] = useMode();
  const client = useQueryClient();
  const drawing = useMutation({
    mutationFn: (plan: DrawPlan) => drawSample(slug, name.trim(), plan),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: samplesQuery(slug).queryKey });
      onDone();
    },
  });
  const refusal = requestRefusal(drawing.error, ["name"]);
  const plan = drawPlan(draft);
  const byStrata = draft.strata !== "";
  return (
    <form
      className={classes.form}
      aria-label={t("Draw a sample")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (plan !== null) drawing.mutate(plan);
      }}
    >
      <div className={classes.head}>
        <h2>{t("Draw a sample")}</h2>
        <ModeSwitch />
      </div>
      <div className={classes.pair}>
        <TextInput
          label={t("Name")}
          value={name}
          error={refusal.errors.name ?? null}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <NumberInput
          label={t("How many texts")}
          min={1}
          max={project.n_rows}
          allowDecimal={false}
          value={draft.n ?? ""}
          onChange={(value) => change({ n: value === "" ? null : Number(value) })}
        />
        <Select
          label={t("Of which texts")}
          description={t(
            "Figures are then of these. Texts that a model has learnt from cannot correct it.",
          )}
          inputWrapperOrder={[...ORDER]}
          data={[
            { value: "all", label: t("of the complete corpus") },
            { value: "train", label: t("to code") },
            { value: "valid", label: t("to validate") },
            { value: "test", label: t("to test") },
          ]}
          value={draft.split}
          allowDeselect={false}
          onChange={(split) => split !== null && change({ split: split as DrawDraft["split"] })}
        />
        {(mode !== "easy" || byStrata) && (
          <Select
            label={t("By strata of")}
            description={t("Rare kinds of texts then have their share for certain.")}
            inputWrapperOrder={[...ORDER]}
            data={[
              { value: "", label: t("nothing: every text as probable as any other") },
              ...models.map((each) => ({
                value: `${MODEL}${each.name}`,
                label: t("what {{model}} predicts", { model: each.name }),
              })),
              ...project.context_columns.map((column) => ({
                value: `${COLUMN}${column}`,
                label: t("the column {{column}}", { column }),
              })),
            ]}
            value={draft.strata}
            allowDeselect={false}
            onChange={(strata) => strata !== null && change({ strata })}
          />
        )}
        {byStrata && (
          <Select
            label={t("Texts of each stratum")}
            data={[
              { value: "proportional", label: t("in proportion to its size") },
              { value: "equal", label: t("the same number") },
              { value: "neyman", label: t("more where labels should differ") },
            ]}
            value={draft.allocation}
            allowDeselect={false}
            onChange={(how) =>
              how !== null && change({ allocation: how as DrawDraft["allocation"] })
            }
          />
        )}
        {byStrata && mode !== "easy" && (
          <NumberInput
            label={t("At least, of each")}
            min={2}
            allowDecimal={false}
            value={draft.least ?? ""}
            onChange={(value) => change({ least: value === "" ? null : Number(value) })}
          />
        )}
        {mode === "pro" && (
          <NumberInput
            label={t("Seed")}
            min={0}
            allowDecimal={false}
            value={draft.seed ?? ""}
            onChange={(value) => change({ seed: value === "" ? null : Number(value) })}
          />
        )}
      </div>
      {refusal.rest && <Notice error={refusal.rest} />}
      <div className={classes.end}>
        <Button variant="default" onClick={onDone}>
          {t("Cancel")}
        </Button>
        <Button
          type="submit"
          loading={drawing.isPending}
          disabled={plan === null || name.trim() === ""}
        >
          {t("Draw it")}
        </Button>
      </div>
    </form>
  );
}
