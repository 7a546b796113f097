import { Button, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ProjectInfo } from "@/api/schema";
import { stateQuery } from "@/shared/project/api";
import { Notice } from "@/shared/ui/Notice";
import { slugged } from "@/shared/words/slug";
import { t } from "@/shared/words/translate";
import { createScheme } from "./api";
import classes from "./NewSchemeForm.module.css";

interface Props {
  project: ProjectInfo;
  /** Whether it is the project's first scheme, without which nothing can be coded. */
  first: boolean;
  onDone: () => void;
}

const TYPES = [
  { value: "multiclass", label: t("One label a text") },
  { value: "multilabel", label: t("Any number of labels a text") },
  { value: "span", label: t("Labels on stretches of the text") },
];

/** A scheme: what is asked of each text. */
export function NewSchemeForm({ project, first, onDone }: Props) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [type, setType] = useState("multiclass");
  const [labels, setLabels] = useState<string[]>([]);
  const [codebook, setCodebook] = useState("");
  const creation = useMutation({
    mutationFn: () => createScheme(project.slug, { name: slugged(name), type, labels, codebook }),
    onSuccess: async () => {
      await client.invalidateQueries(stateQuery(project.slug));
      onDone();
    },
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        creation.mutate();
      }}
    >
      <h2>{first ? t("What do you want to know of each text?") : t("New scheme")}</h2>
      <div className={classes.pair}>
        <TextInput
          label={t("Name of the scheme")}
          placeholder={t("stance")}
          required
          withAsterisk={false}
          value={name}
          description={
            name !== "" && slugged(name) !== name
              ? t("Saved as {{name}}", { name: slugged(name) })
              : null
          }
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t("Kind")}
          data={TYPES}
          value={type}
          allowDeselect={false}
          onChange={(chosen) => setType(chosen ?? "multiclass")}
        />
      </div>
      <TagsInput
        label={t("Labels")}
        description={t("Enter after each; in this order they get the keys 1, 2, 3, ...")}
        value={labels}
        onChange={setLabels}
        acceptValueOnBlur
      />
      <Textarea
        label={t("Codebook")}
        description={t("What counts as what; Markdown, shown beside the text")}
        autosize
        minRows={3}
        maxRows={12}
        value={codebook}
        onChange={(event) => setCodebook(event.currentTarget.value)}
      />
      {creation.error && <Notice error={creation.error} />}
      <div className={classes.end}>
        {!first && (
          <Button variant="default" onClick={onDone}>
            {t("Cancel")}
          </Button>
        )}
        <Button
          type="submit"
          loading={creation.isPending}
          disabled={labels.length === 0 || slugged(name) === ""}
        >
          {t("Make the scheme")}
        </Button>
      </div>
    </form>
  );
}
