import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ProjectInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { languageChoices } from "@/shared/words/languageChoices";
import { languageName } from "@/shared/words/languages";
import { t } from "@/shared/words/translate";
import { changeProject } from "./api";
import classes from "./Settings.module.css";

/** A project's name, and the language of its texts. */
export function DetailsForm({ project }: { project: ProjectInfo }) {
  const client = useQueryClient();
  const [name, setName] = useState<string | null>(null);
  const [language, setLanguage] = useState<string | null>(null);
  const wanted = { name: (name ?? project.name).trim(), language: language ?? project.language };
  const changed = wanted.name !== project.name || wanted.language !== project.language;
  const saving = useMutation({
    mutationFn: () => changeProject(project.slug, wanted),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", project.slug] });
      void client.invalidateQueries({ queryKey: ["projects"] });
      setName(null);
      setLanguage(null);
    },
  });
  return (
    <section aria-labelledby="details" className={classes.section}>
      <h2 id="details">{t("Name and language")}</h2>
      <p>{t("The address of the project stays as it is.")}</p>
      <form
        className={classes.form}
        aria-labelledby="details"
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <div className={classes.pair}>
          <TextInput
            label={t("Name")}
            maxLength={100}
            dir="auto"
            value={name ?? project.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={t("Language of the texts")}
            data={languageChoices(project.language).map((code) => ({
              value: code,
              label: languageName(code),
            }))}
            searchable
            allowDeselect={false}
            value={wanted.language}
            onChange={(code) => code !== null && setLanguage(code)}
          />
        </div>
        {saving.error && <Notice error={saving.error} />}
        <Button
          type="submit"
          variant="default"
          loading={saving.isPending}
          disabled={!changed || wanted.name === ""}
        >
          {t("Save")}
        </Button>
      </form>
    </section>
  );
}
