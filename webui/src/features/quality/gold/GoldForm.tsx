import { Button, Checkbox, MultiSelect, Radio, Select, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { NewGold, SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { goldQuery, type Place, putGold } from "../api";
import classes from "../Quality.module.css";
import { type GoldDraft, newGold } from "./goldDraft";

interface Props {
  place: Place;
  scheme: SchemeInfo;
  start: GoldDraft;
  /** The text, where it does not stand above the form. */
  text: string | null;
  onClose: () => void;
}

/** What is right for a text, and what is said to those who answer it. */
export function GoldForm({ place, scheme, start, text, onClose }: Props) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(start);
  const wanted = newGold(draft, scheme.widget);
  const saving = useMutation({
    mutationFn: (gold: NewGold) => putGold(place, gold),
    onSuccess: async () => {
      await client.invalidateQueries(goldQuery(place));
      onClose();
    },
  });
  return (
    <form
      className={classes.form}
      aria-label={t("What is right for {{id}}", { id: draft.id })}
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== null) saving.mutate(wanted);
      }}
    >
      {text !== null && (
        <p className={classes.text} dir="auto">
          {text}
        </p>
      )}
      {scheme.widget === "spans" ? (
        <p>
          {t(
            "What counts for the text is taken as right. Mark its passages by annotating it first.",
          )}
        </p>
      ) : (
        <Right scheme={scheme} draft={draft} onChange={setDraft} />
      )}
      <Checkbox
        label={t("Attention check")}
        description={t("Nobody who reads can get it wrong. Nobody is ever told of it.")}
        checked={draft.attention}
        onChange={(event) => setDraft({ ...draft, attention: event.currentTarget.checked })}
      />
      <Textarea
        label={t("Why")}
        description={t("Shown after the answer, where people are told whether they were right.")}
        dir="auto"
        autosize
        minRows={2}
        maxLength={10_000}
        value={draft.note}
        onChange={(event) => setDraft({ ...draft, note: event.currentTarget.value })}
      />
      {saving.error && <Notice error={saving.error} />}
      <div className={classes.end}>
        <Button variant="default" onClick={onClose}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={saving.isPending} disabled={wanted === null}>
          {t("Save the gold text")}
        </Button>
      </div>
    </form>
  );
}

interface RightProps {
  scheme: SchemeInfo;
  draft: GoldDraft;
  onChange: (draft: GoldDraft) => void;
}

function Right({ scheme, draft, onChange }: RightProps) {
  const names = scheme.labels.map(({ name }) => name);
  return (
    <>
      <Radio.Group
        label={t("What is right")}
        value={draft.says ? "this" : "counts"}
        onChange={(says) => onChange({ ...draft, says: says === "this" })}
      >
        <Radio value="this" label={t("what I say here")} />
        <Radio value="counts" label={t("what counts for the text now")} />
      </Radio.Group>
      {draft.says && scheme.widget === "choice" && (
        <Select
          label={t("Right label")}
          data={names}
          searchable
          value={draft.labels[0] ?? null}
          onChange={(label) => onChange({ ...draft, labels: label === null ? [] : [label] })}
        />
      )}
      {draft.says && scheme.widget === "choices" && (
        <MultiSelect
          label={t("Right labels")}
          description={t("None chosen means that no label is right.")}
          data={names}
          searchable
          hidePickedOptions
          value={[...draft.labels]}
          onChange={(labels) => onChange({ ...draft, labels })}
        />
      )}
    </>
  );
}
