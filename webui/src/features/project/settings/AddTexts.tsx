import { Button, FileInput, Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ProjectInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { addRows } from "./api";
import classes from "./Settings.module.css";

/** More texts for a project that is being coded already. */
export function AddTexts({ project }: { project: ProjectInfo }) {
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [split, setSplit] = useState("train");
  const adding = useMutation({
    mutationFn: (chosen: File) => addRows(project.slug, chosen, split),
    onSuccess: async () => {
      setFile(null);
      await client.invalidateQueries({ queryKey: ["project", project.slug] });
      void client.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  const { text_columns, context_columns, label_columns } = project;
  const columns = [...text_columns, ...context_columns, ...label_columns].join(", ");
  return (
    <section aria-labelledby="add" className={classes.section}>
      <h2 id="add">{t("Add texts")}</h2>
      <p>
        {t(
          "From a file with the project's columns: {{columns}}. What is coded and computed stays; features are extended.",
          { columns },
        )}
      </p>
      <form
        className={classes.form}
        aria-labelledby="add"
        onSubmit={(event) => {
          event.preventDefault();
          if (file !== null) adding.mutate(file);
        }}
      >
        <div className={classes.pair}>
          <FileInput
            label={t("File")}
            placeholder={t("Choose a file")}
            accept=".csv,.tsv,.txt,.xlsx,.parquet,.jsonl,.ndjson"
            clearable
            clearButtonProps={{ "aria-label": t("Take the file away") }}
            value={file}
            onChange={(chosen) => {
              adding.reset();
              setFile(chosen);
            }}
          />
          <Select
            label={t("They are kept")}
            data={[
              { value: "train", label: t("to code") },
              { value: "valid", label: t("to validate") },
              { value: "test", label: t("to test") },
            ]}
            value={split}
            allowDeselect={false}
            onChange={(picked) => picked !== null && setSplit(picked)}
          />
        </div>
        {adding.error && <Notice error={adding.error} />}
        <p role="status" className={classes.none}>
          {adding.data &&
            t("{{count}} texts were added; there are {{n}} now.", {
              count: adding.data.added,
              n: adding.data.n_rows,
            })}
        </p>
        <Button type="submit" variant="default" loading={adding.isPending} disabled={file === null}>
          {t("Add them")}
        </Button>
      </form>
    </section>
  );
}
