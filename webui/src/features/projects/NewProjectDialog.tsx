import {
  Autocomplete,
  Button,
  FileInput,
  Modal,
  NumberInput,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ProjectConfig } from "@/api/schema";
import { putJob } from "@/shared/jobs/jobCache";
import { setTray } from "@/shared/jobs/trayState";
import { Notice } from "@/shared/ui/Notice";
import { createProject, projectsQuery } from "./api";
import { columnsOf, guessRoles } from "./columns";
import classes from "./NewProjectDialog.module.css";

/** The part of a project's config that this form asks for. */
type Draft = Required<
  Pick<ProjectConfig, "name" | "text_columns" | "id_column" | "label_columns" | "context_columns">
> & { split: { test: number } };

const BLANK: Draft = {
  name: "",
  text_columns: [],
  id_column: null,
  label_columns: [],
  context_columns: [],
  split: { test: 0 },
};

/** A file becomes a project. */
export function NewProjectDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title="New project"
      size="lg"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <NewProjectForm onDone={onClose} />
    </Modal>
  );
}

function NewProjectForm({ onDone }: { onDone: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [columns, setColumns] = useState<string[]>([]);
  const [config, setConfig] = useState(BLANK);
  const set = (change: Partial<Draft>) => setConfig((old) => ({ ...old, ...change }));
  const creation = useMutation({
    mutationFn: (chosen: File) => createProject(chosen, config),
    onSuccess: async (made) => {
      await client.invalidateQueries(projectsQuery);
      onDone();
      if ("slug" in made) {
        await navigate({ to: "/projects/$slug", params: { slug: made.slug } });
        return;
      }
      // A large file takes its time: the tray shows how far it is, and the way in.
      putJob(client, made);
      setTray(true);
    },
  });
  const choose = async (chosen: File | null) => {
    setFile(chosen);
    if (chosen === null) return;
    const found = await columnsOf(chosen);
    const roles = guessRoles(found);
    setColumns(found);
    set({
      name: config.name || chosen.name.replace(/\.[^.]+$/, "").replaceAll("_", " "),
      id_column: roles.id,
      text_columns: roles.text,
      label_columns: [],
      context_columns: [],
    });
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (file !== null) creation.mutate(file);
      }}
    >
      <FileInput
        label="File"
        description="CSV, TSV, XLSX, Parquet or JSONL, one text a row"
        placeholder="Choose a file"
        accept=".csv,.tsv,.txt,.xlsx,.parquet,.jsonl,.ndjson"
        required
        withAsterisk={false}
        value={file}
        onChange={(chosen) => void choose(chosen)}
      />
      <TextInput
        label="Name"
        required
        withAsterisk={false}
        maxLength={100}
        value={config.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <ColumnFields columns={columns} config={config} set={set} />
      {creation.error && <Notice error={creation.error} />}
      <div className={classes.end}>
        <Button
          type="submit"
          disabled={file === null || config.text_columns.length === 0}
          loading={creation.isPending}
        >
          Create the project
        </Button>
      </div>
    </form>
  );
}

interface ColumnProps {
  columns: string[];
  config: Draft;
  set: (change: Partial<Draft>) => void;
}

function ColumnFields({ columns, config, set }: ColumnProps) {
  return (
    <>
      <TagsInput
        label="Text"
        description="Columns with the text; several are joined by a blank line"
        data={columns}
        value={config.text_columns}
        onChange={(text_columns) => set({ text_columns })}
        acceptValueOnBlur
      />
      <div className={classes.pair}>
        <Autocomplete
          label="Id"
          description="Kept as given; without it, numbered"
          data={columns}
          value={config.id_column ?? ""}
          onChange={(column) => set({ id_column: column === "" ? null : column })}
        />
        <NumberInput
          label="Kept to test"
          description="Texts nobody sees, for judging models"
          min={0}
          value={config.split.test}
          onChange={(test) => set({ split: { test: Number(test) || 0 } })}
        />
      </div>
      <TagsInput
        label="Labels"
        description="Columns with labels that are there already; annotators never see them"
        data={columns}
        value={config.label_columns}
        onChange={(label_columns) => set({ label_columns })}
        acceptValueOnBlur
      />
      <TagsInput
        label="Context"
        description="Columns shown beside the text"
        data={columns}
        value={config.context_columns}
        onChange={(context_columns) => set({ context_columns })}
        acceptValueOnBlur
      />
    </>
  );
}
