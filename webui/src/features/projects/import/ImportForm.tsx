import { Button, Checkbox, NativeSelect, NumberInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { FilePreview } from "@/api/schema";
import { putJob } from "@/shared/jobs/jobCache";
import { setTray } from "@/shared/jobs/trayState";
import { projectsQuery } from "@/shared/project/list";
import { Notice } from "@/shared/ui/Notice";
import { languageChoices } from "@/shared/words/languageChoices";
import { languageName } from "@/shared/words/languages";
import { t } from "@/shared/words/translate";
import { createProject } from "../api";
import { ColumnTable } from "./ColumnTable";
import { columnsWith, configOf, type Draft, faults, missing, withRole } from "./draft";
import { Faults } from "./Faults";
import classes from "./Import.module.css";

interface Props {
  file: File;
  preview: FilePreview;
  whole: boolean;
  first: Draft;
}

/** What becomes of a file's columns and rows. */
export function ImportForm({ file, preview, whole, first }: Props) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(first);
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const found = faults(preview.columns, draft);
  const lacks = missing(draft);
  const creating = useMutation({
    mutationFn: () => createProject(file, configOf(draft)),
    onSuccess: async (made) => {
      await client.invalidateQueries(projectsQuery);
      if ("slug" in made) {
        await navigate({ to: "/projects/$slug", params: { slug: made.slug } });
        return;
      }
      // A large file takes its time: the tray shows how far it is, and the way in.
      putJob(client, made);
      setTray(true);
      await navigate({ to: "/" });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    creating.mutate();
  };
  const most = whole ? { max: preview.n_rows } : {};
  const kept = [...columnsWith(draft, "label"), ...columnsWith(draft, "context")];
  return (
    <form className={classes.form} aria-label={t("New project")} onSubmit={submit}>
      <section aria-labelledby="columns" className={classes.part}>
        <h2 id="columns">{t("What the columns hold")}</h2>
        <p>
          {whole
            ? t("{{rows}} rows and {{columns}} columns. The first rows are shown below.", {
                rows: preview.n_rows,
                columns: preview.columns.length,
              })
            : t(
                "The file is too large to be looked into here: say what its columns hold; its rows are checked when they are imported.",
              )}
        </p>
        <ColumnTable
          preview={preview}
          whole={whole}
          draft={draft}
          onRole={(column, role) => setDraft((before) => withRole(before, column, role))}
        />
      </section>
      <Faults
        faults={found}
        leaveOut={draft.leaveOut}
        onLeaveOut={(leaveOut) => set({ leaveOut })}
      />
      <section aria-labelledby="project" className={classes.part}>
        <h2 id="project">{t("The project")}</h2>
        <div className={classes.fields}>
          <TextInput
            label={t("Name")}
            maxLength={100}
            dir="auto"
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Select
            label={t("Language of the texts")}
            data={languageChoices(draft.language).map((code) => ({
              value: code,
              label: languageName(code),
            }))}
            searchable
            allowDeselect={false}
            value={draft.language}
            onChange={(code) => code !== null && set({ language: code })}
          />
          <NumberInput
            label={t("Kept to test")}
            description={t("Texts nobody codes to learn from, for judging models")}
            min={0}
            {...most}
            value={draft.test}
            onChange={(value) => set({ test: Number(value) || 0 })}
          />
          <NumberInput
            label={t("Kept to validate")}
            description={t("For choosing between settings")}
            min={0}
            {...most}
            value={draft.valid}
            onChange={(value) => set({ valid: Number(value) || 0 })}
          />
          {kept.length > 0 && draft.test + draft.valid > 0 && (
            <NativeSelect
              label={t("Keep the proportions of")}
              data={[{ value: "", label: t("nothing") }, ...kept]}
              value={draft.stratify}
              onChange={(event) => set({ stratify: event.currentTarget.value })}
            />
          )}
        </div>
        {!whole && (
          <Checkbox
            label={t("Leave out rows without a text or an id, and those whose id comes again")}
            checked={draft.leaveOut}
            onChange={(event) => set({ leaveOut: event.currentTarget.checked })}
          />
        )}
      </section>
      {creating.error && <Notice error={creating.error} />}
      <div className={classes.end}>
        {lacks === "text" && <p>{t("Say which column holds the text.")}</p>}
        <Button
          type="submit"
          disabled={lacks !== null || (found.length > 0 && !draft.leaveOut)}
          loading={creating.isPending}
        >
          {t("Create the project")}
        </Button>
      </div>
    </form>
  );
}
