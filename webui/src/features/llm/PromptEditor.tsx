import { Button, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ProjectState, PromptInfo, PromptTemplates } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { addVersion, createPrompt, defaultPromptQuery, renderPrompt } from "./api";
import classes from "./Llm.module.css";
import { mayBuild } from "./LlmPage";

interface Props {
  state: ProjectState;
  /** The prompt that gets another version; without it a new one is made. */
  prompt?: PromptInfo;
  onDone: () => void;
}

/** Write a prompt and see what would be sent by it. */
export function PromptEditor({ state, prompt, onDone }: Props) {
  const { slug } = state.project;
  const [scheme, setScheme] = useState(prompt?.scheme ?? state.schemes[0]?.name ?? "");
  const begun = useQuery(defaultPromptQuery(slug, scheme));
  const last = prompt?.versions.at(-1);
  const start: PromptTemplates | undefined = last ?? begun.data;
  if (begun.error && last === undefined) return <Notice error={begun.error} />;
  if (start === undefined) return <Skeleton />;
  return (
    // Another scheme has other templates to begin with.
    <Editor
      key={scheme}
      state={state}
      prompt={prompt}
      start={start}
      scheme={scheme}
      onDone={onDone}
    >
      {prompt === undefined && (
        <Select
          label={t("Codes the scheme")}
          data={state.schemes.map(({ name }) => name)}
          value={scheme}
          allowDeselect={false}
          onChange={(picked) => picked !== null && setScheme(picked)}
        />
      )}
    </Editor>
  );
}

interface EditorProps {
  state: ProjectState;
  prompt: PromptInfo | undefined;
  start: PromptTemplates;
  scheme: string;
  onDone: () => void;
  children: React.ReactNode;
}

type How = NonNullable<NonNullable<PromptTemplates["examples"]>["how"]>;

function Editor({ state, prompt, start, scheme, onDone, children }: EditorProps) {
  const { slug } = state.project;
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [system, setSystem] = useState(start.system ?? "");
  const [user, setUser] = useState(start.user);
  const [examples, setExamples] = useState(start.examples ?? {});
  const how = examples.how ?? "none";
  const templates: PromptTemplates = { system, user, examples };
  const changed =
    prompt === undefined ||
    system !== (start.system ?? "") ||
    user !== start.user ||
    examples !== (start.examples ?? examples);
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: () =>
      prompt === undefined
        ? createPrompt(slug, { ...templates, name: name.trim(), scheme, note })
        : addVersion(slug, prompt.name, { ...templates, base: prompt.versions.length, note }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["project", slug, "prompts"] });
      onDone();
    },
  });
  const preview = useMutation({ mutationFn: () => renderPrompt(slug, scheme, templates) });
  const error = saving.error ?? preview.error;
  return (
    <form
      className={classes.form}
      aria-label={prompt === undefined ? t("New prompt") : prompt.name}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <div className={classes.pair}>
        {prompt === undefined && (
          <TextInput
            label={t("Name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        {children}
        <Select
          label={t("Shows coded texts as examples")}
          data={howNames()}
          value={how}
          allowDeselect={false}
          onChange={(picked) => picked !== null && setExamples({ ...examples, how: picked as How })}
        />
        {how !== "none" && (
          <NumberInput
            label={t("How many")}
            min={1}
            max={100}
            allowDecimal={false}
            value={examples.n ?? 6}
            onChange={(n) => setExamples({ ...examples, n: Number(n) || 1 })}
          />
        )}
        {how === "nearest" && (
          <Select
            label={t("Nearest by the feature")}
            data={state.features.map((feature) => feature.name)}
            value={examples.feature ?? null}
            onChange={(feature) => setExamples({ ...examples, feature })}
          />
        )}
      </div>
      <Textarea
        label={t("What the model is told first")}
        autosize
        minRows={4}
        maxRows={16}
        value={system}
        classNames={{ input: classes.template ?? "" }}
        onChange={(event) => setSystem(event.currentTarget.value)}
      />
      <Textarea
        label={t("What it is told of each text")}
        description={t(
          "Templates see text, id, context, columns, scheme, codebook, labels and examples, in double braces.",
        )}
        autosize
        minRows={4}
        maxRows={16}
        value={user}
        classNames={{ input: classes.template ?? "" }}
        onChange={(event) => setUser(event.currentTarget.value)}
      />
      {mayBuild(state) && prompt !== undefined && (
        <TextInput
          label={t("What is new in this version")}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      )}
      {error && <Notice error={error} />}
      <div className={classes.end}>
        <Button variant="default" onClick={onDone}>
          {t("Close")}
        </Button>
        <Button variant="default" loading={preview.isPending} onClick={() => preview.mutate()}>
          {t("Preview")}
        </Button>
        {mayBuild(state) && (
          <Button
            type="submit"
            loading={saving.isPending}
            disabled={!changed || (prompt === undefined && name.trim() === "")}
          >
            {prompt === undefined
              ? t("Save prompt")
              : t("Save version {{version}}", { version: prompt.versions.length + 1 })}
          </Button>
        )}
      </div>
      {preview.data && (
        <section aria-label={t("Preview")} className={classes.preview}>
          <p>{t("This is what would be sent for the first texts. Nothing was sent.")}</p>
          {preview.data.slice(0, 3).map((rendered) => (
            <details key={rendered.id} open={rendered === preview.data[0]}>
              <summary>{t("Text {{id}}", { id: rendered.id })}</summary>
              {rendered.messages.map((message, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the turns of a talk have no identity
                <div key={at} className={classes.turn}>
                  <h4>{message.role}</h4>
                  <pre dir="auto">{message.content}</pre>
                </div>
              ))}
            </details>
          ))}
        </section>
      )}
    </form>
  );
}

function howNames(): { value: How; label: string }[] {
  return [
    { value: "none", label: t("None") },
    { value: "random", label: t("Any, at random") },
    { value: "balanced", label: t("Of each label in turn") },
    { value: "nearest", label: t("The most similar to the text") },
  ];
}
