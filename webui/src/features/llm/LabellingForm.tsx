import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ComponentInfo, ProjectState, PromptInfo } from "@/api/schema";
import { ComponentSelect } from "@/shared/form/ComponentSelect";
import { ModeSwitch } from "@/shared/form/ModeSwitch";
import { useMode } from "@/shared/form/mode";
import { ParamsForm } from "@/shared/form/ParamsForm";
import { requestRefusal } from "@/shared/form/serverErrors";
import { useParams } from "@/shared/form/useParams";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { createLabelling } from "./api";
import classes from "./Llm.module.css";

interface Props {
  state: ProjectState;
  components: readonly ComponentInfo[];
  prompts: readonly PromptInfo[];
  onDone: () => void;
}

const ORDER = ["label", "input", "description", "error"] as const;

/** A labelling: which model is asked, by which version of a prompt. Nothing is sent by making it. */
export function LabellingForm({ state, components, prompts, onDone }: Props) {
  const { slug } = state.project;
  const labellers = components.filter(({ kind }) => kind === "labeller");
  const [promptName, setPrompt] = useState(prompts[0]?.name ?? "");
  const prompt = prompts.find(({ name }) => name === promptName);
  const [chosen, setChosen] = useState<string | null>(null);
  const component =
    labellers.find(({ name }) => name === chosen) ??
    labellers.find(({ name }) => name === "openai-compatible") ??
    labellers[0];
  const [name, setName] = useState("");
  const [justify, setJustify] = useState(false);
  const [mode] = useMode();
  const client = useQueryClient();
  const navigate = useNavigate();
  const making = useMutation({
    mutationFn: (params: Record<string, unknown>) =>
      createLabelling(slug, {
        name: name.trim(),
        scheme: prompt?.scheme ?? "",
        prompt: promptName,
        labeller: component?.name ?? "",
        params,
        justify,
      }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ["project", slug] });
      onDone();
      void navigate({
        to: "/projects/$slug/llm/$labelling",
        params: { slug, labelling: made.name },
      });
    },
  });
  const form = useParams(component, making.error);
  const refusal = requestRefusal(form.rest, ["name", "prompt", "labeller"]);
  const { params } = form;
  return (
    <form
      className={classes.form}
      aria-label={t("New labelling")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (params === null) return;
        form.sending();
        making.mutate(params);
      }}
    >
      <div className={classes.head}>
        <h3>{t("New labelling")}</h3>
        <ModeSwitch />
      </div>
      <div className={classes.pair}>
        <TextInput
          label={t("Name")}
          description={t(
            "It cannot be changed later: another model or prompt is another labelling.",
          )}
          inputWrapperOrder={[...ORDER]}
          value={name}
          error={refusal.errors.name ?? null}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label={t("Prompt")}
          description={
            prompt === undefined
              ? null
              : t("For {{scheme}}, version {{version}}", {
                  scheme: prompt.scheme,
                  version: prompt.versions.length,
                })
          }
          inputWrapperOrder={[...ORDER]}
          data={prompts.map((each) => each.name)}
          value={promptName}
          error={refusal.errors.prompt ?? null}
          allowDeselect={false}
          onChange={(picked) => picked !== null && setPrompt(picked)}
        />
        <ComponentSelect
          label={t("Asked through")}
          components={labellers}
          chosen={component}
          onChange={setChosen}
        />
      </div>
      <ParamsForm
        fields={form.fields}
        mode={mode}
        draft={form.draft}
        errors={form.errors}
        onChange={form.change}
      />
      <Checkbox
        label={t("Ask for a justification of each answer")}
        description={t("Takes more tokens; helps to see why a model is wrong.")}
        checked={justify}
        onChange={(event) => setJustify(event.currentTarget.checked)}
      />
      {refusal.rest && <Notice error={refusal.rest} />}
      <div className={classes.end}>
        <Button variant="default" onClick={onDone}>
          {t("Cancel")}
        </Button>
        <Button
          type="submit"
          loading={making.isPending}
          disabled={name.trim() === "" || params === null || prompt === undefined}
        >
          {t("Make it")}
        </Button>
      </div>
    </form>
  );
}
