import {
  Button,
  Checkbox,
  MultiSelect,
  NumberInput,
  Select,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ProjectState } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { createTask, membersQuery, tasksQuery } from "./api";
import classes from "./Team.module.css";
import { BLANK_TASK, type TaskDraft, taskFault, taskOf } from "./words";

interface Props {
  state: ProjectState;
  onClose: () => void;
}

/** Which texts go to whom, and how. */
export function TaskForm({ state, onClose }: Props) {
  const { project, schemes } = state;
  const client = useQueryClient();
  const members = useQuery(membersQuery(project.slug));
  const [scheme, setScheme] = useState(schemes[0]?.name ?? "");
  const [draft, setDraft] = useState(BLANK_TASK);
  const set = (part: Partial<TaskDraft>) => setDraft({ ...draft, ...part });
  const fault = taskFault(draft);
  const making = useMutation({
    mutationFn: () => createTask(project.slug, scheme, taskOf(draft)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: tasksQuery(project.slug, scheme).queryKey });
      onClose();
    },
  });
  const people = (members.data ?? []).filter(({ role }) => role !== "reader");
  const groups = new Set(people.flatMap((each) => each.groups.map(({ group }) => group)));
  const assignees = [
    ...people.map(({ username }) => ({ value: username, label: username })),
    ...[...groups].map((group) => ({
      value: `group:${group}`,
      label: t("the group {{group}}", { group }),
    })),
  ];
  return (
    <form
      className={classes.form}
      aria-label={t("Give out texts")}
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <div className={classes.pair}>
        <TextInput
          label={t("Name")}
          value={draft.name}
          maxLength={100}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Select
          label={t("Scheme")}
          data={schemes.map(({ name }) => name)}
          value={scheme}
          allowDeselect={false}
          onChange={(value) => value !== null && setScheme(value)}
        />
      </div>
      <MultiSelect
        label={t("Who codes")}
        data={assignees}
        value={[...draft.assignees]}
        searchable
        onChange={(value) => set({ assignees: value })}
      />
      <Which draft={draft} set={set} />
      <How draft={draft} set={set} />
      <Textarea
        label={t("Instructions")}
        autosize
        minRows={2}
        maxRows={8}
        value={draft.instructions}
        onChange={(event) => set({ instructions: event.currentTarget.value })}
      />
      <div className={classes.pair}>
        <TextInput
          type="date"
          label={t("Due at the end of")}
          value={draft.deadline}
          onChange={(event) => set({ deadline: event.currentTarget.value })}
        />
        <Checkbox
          label={t("Blind: nobody sees what others said before they have coded a text")}
          checked={draft.blind}
          onChange={(event) => set({ blind: event.currentTarget.checked })}
        />
        <Checkbox
          label={t("Nothing else: no further texts once the task is done")}
          checked={draft.only}
          onChange={(event) => set({ only: event.currentTarget.checked })}
        />
      </div>
      {(members.error ?? making.error) && <Notice error={members.error ?? making.error} />}
      <div className={classes.end}>
        <span role="status">{fault}</span>
        <Button variant="default" onClick={onClose}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={making.isPending} disabled={fault !== null}>
          {t("Give them out")}
        </Button>
      </div>
    </form>
  );
}

interface PartProps {
  draft: TaskDraft;
  set: (part: Partial<TaskDraft>) => void;
}

function Which({ draft, set }: PartProps) {
  return (
    <div className={classes.pair}>
      <Select
        label={t("Which texts")}
        data={[
          { value: "number", label: t("a number, drawn at random") },
          { value: "share", label: t("a share, drawn at random") },
          { value: "ids", label: t("those with these ids") },
        ]}
        value={draft.choose}
        allowDeselect={false}
        onChange={(value) => value !== null && set({ choose: value as TaskDraft["choose"] })}
      />
      {draft.choose === "number" && (
        <NumberInput
          label={t("How many")}
          min={1}
          value={draft.n}
          onChange={(value) => set({ n: Number(value) || 1 })}
        />
      )}
      {draft.choose === "share" && (
        <NumberInput
          label={t("Percent")}
          min={1}
          max={100}
          value={draft.share}
          onChange={(value) => set({ share: Number(value) || 1 })}
        />
      )}
      {draft.choose === "ids" ? (
        <Textarea
          label={t("Ids, one a line")}
          autosize
          minRows={3}
          maxRows={10}
          value={draft.ids}
          onChange={(event) => set({ ids: event.currentTarget.value })}
        />
      ) : (
        <Select
          label={t("From")}
          data={[
            { value: "train", label: t("texts to code") },
            { value: "valid", label: t("texts to validate") },
            { value: "test", label: t("texts to test") },
            { value: "all", label: t("all texts") },
          ]}
          value={draft.split}
          allowDeselect={false}
          onChange={(value) => value !== null && set({ split: value as TaskDraft["split"] })}
        />
      )}
    </div>
  );
}

function How({ draft, set }: PartProps) {
  return (
    <div className={classes.pair}>
      <Select
        label={t("How they are dealt")}
        data={[
          { value: "split", label: t("each text to one person") },
          { value: "overlap", label: t("some texts to several people") },
          { value: "each", label: t("every text to everybody") },
        ]}
        value={draft.how}
        allowDeselect={false}
        onChange={(value) => value !== null && set({ how: value as TaskDraft["how"] })}
      />
      {draft.how === "overlap" && (
        <>
          <NumberInput
            label={t("Percent coded by several")}
            min={1}
            max={100}
            value={draft.overlap}
            onChange={(value) => set({ overlap: Number(value) || 1 })}
          />
          <NumberInput
            label={t("By how many people")}
            min={2}
            max={100}
            value={draft.k}
            onChange={(value) => set({ k: Number(value) || 2 })}
          />
        </>
      )}
    </div>
  );
}
