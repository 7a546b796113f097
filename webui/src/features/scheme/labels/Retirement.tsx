import { Button, MultiSelect, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { LabelInfo, LabelOperation, SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { listed } from "@/shared/words/list";
import { t } from "@/shared/words/translate";
import { type Place, statisticsQuery } from "../api";
import { deleting, merging } from "./consequences";
import classes from "./Labels.module.css";
import { useLabelChange } from "./useLabelChange";

interface Props {
  place: Place;
  scheme: SchemeInfo;
  label: LabelInfo;
  onClose: () => void;
  /** Told what was done, in a sentence. */
  onDone: (what: string) => void;
}

/** Merge a label, and others with it, into one that stays: first what would follow. */
export function MergeForm({ place, scheme, label, onClose, onDone }: Props) {
  const names = scheme.labels.map(({ name }) => name);
  const [gone, setGone] = useState<string[]>([label.name]);
  const [into, setInto] = useState<string | null>(null);
  const merged = gone.filter((name) => name !== into);
  const ready = into !== null && merged.length > 0;
  const said = { gone: listed(merged, t("and")), into: into ?? "" };
  return (
    <Consequences
      place={place}
      title={t("Merge {{label}}", { label: label.name })}
      operation={ready ? { op: "merge", labels: merged, into } : null}
      sentences={(counts) => (ready ? merging(counts, merged, into, scheme.widget) : [])}
      action={ready ? t("Merge {{gone}} into {{into}}", said) : t("Merge")}
      onClose={onClose}
      onDone={() => onDone(t("{{gone}} now counts as {{into}}.", said))}
    >
      <div className={classes.pair}>
        <MultiSelect
          label={t("What counts as")}
          data={names.filter((name) => name !== into)}
          value={gone}
          onChange={setGone}
          searchable={names.length > 10}
        />
        <Select
          label={t("is to count as")}
          data={names.filter((name) => !gone.includes(name))}
          value={into}
          onChange={setInto}
          searchable={names.length > 10}
          data-autofocus
        />
      </div>
    </Consequences>
  );
}

/** Delete a label: first what would follow. */
export function DeleteForm({ place, scheme, label, onClose, onDone }: Props) {
  const { name } = label;
  return (
    <Consequences
      place={place}
      title={t("Delete {{name}}", { name })}
      operation={{ op: "delete", label: name }}
      sentences={(counts) => deleting(counts, name, scheme.widget)}
      action={t("Delete {{name}}", { name })}
      onClose={onClose}
      onDone={() => onDone(t("{{name}} is deleted.", { name }))}
    />
  );
}

interface ConsequencesProps {
  place: Place;
  title: string;
  /** What to do; null while it is not said yet. */
  operation: LabelOperation | null;
  sentences: (counts: Parameters<typeof deleting>[0]) => readonly string[];
  action: string;
  onClose: () => void;
  onDone: () => void;
  children?: ReactNode;
}

function Consequences({ place, operation, sentences, onClose, ...rest }: ConsequencesProps) {
  const { title, action, onDone, children } = rest;
  const statistics = useQuery({ ...statisticsQuery(place), staleTime: 0 });
  const change = useLabelChange(place, onDone);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // The menu that opened it gives the focus back to its button first.
    const timer = setTimeout(() => {
      form.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    });
    return () => clearTimeout(timer);
  }, []);
  return (
    <form
      ref={form}
      className={classes.retirement}
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        if (operation !== null) change.mutate(operation);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
    >
      {children}
      {statistics.isPending && <Skeleton lines={2} />}
      {statistics.data && (
        <div className={classes.consequences} aria-live="polite">
          {sentences(statistics.data.labels).map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      )}
      {(statistics.error ?? change.error) && <Notice error={statistics.error ?? change.error} />}
      <div className={classes.end}>
        <Button
          variant="default"
          data-autofocus={children === undefined || undefined}
          onClick={onClose}
        >
          {t("Cancel")}
        </Button>
        <Button
          type="submit"
          loading={change.isPending}
          disabled={operation === null || statistics.data === undefined}
        >
          {action}
        </Button>
      </div>
    </form>
  );
}
