import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import type { LabelInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";
import { given, type Kept, replaced } from "./answers";
import type { Proposal } from "./Browser";
import classes from "./Explore.module.css";

interface Props {
  selected: readonly Kept[];
  total: number;
  /** How many texts can be selected at most. */
  most: number;
  labels: readonly LabelInfo[];
  many: boolean;
  /** How many texts of a selection have arrived, while it is being asked for. */
  gathering: number | null;
  busy: boolean;
  proposal: Proposal | null;
  onPropose: (proposal: Proposal | null) => void;
  onConfirm: () => void;
  onSelectAll: () => void;
  onDeselect: () => void;
}

/** How many texts are selected, and what can be done with them all. */
export function Bulk(props: Props) {
  const { selected, total, most, labels, gathering, busy, proposal } = props;
  const [name, setName] = useState(labels[0]?.name ?? "");
  const label = labels.find((each) => each.name === name) ?? labels[0] ?? null;
  const count = selected.length;
  return (
    <section className={classes.bulk} aria-label={t("Selection")} data-empty={count === 0}>
      <p aria-live="polite">
        {gathering === null
          ? count > 0 && t("{{count}} texts selected.", { count })
          : t("Selecting, {{count}} texts so far…", { count: gathering })}
      </p>
      {count > 0 && label !== null && (
        <>
          <label className={classes.field}>
            <span>{t("Label them")}</span>
            <select value={label.name} onChange={(event) => setName(event.currentTarget.value)}>
              {labels.map(({ id, name: each }) => (
                <option key={id} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </label>
          <Button size="xs" disabled={busy} onClick={() => props.onPropose({ label })}>
            {t("Label…")}
          </Button>
          <button
            type="button"
            className={classes.quiet}
            disabled={busy}
            onClick={() => props.onPropose({ label: null })}
          >
            {t("Clear my labels…")}
          </button>
        </>
      )}
      {count > 0 && count < Math.min(total, most) && (
        <button type="button" className={classes.quiet} onClick={props.onSelectAll}>
          {total > most
            ? t("Select the first {{n}}", { n: most })
            : t("Select all {{n}}", { n: total })}
        </button>
      )}
      {count > 0 && (
        <button type="button" className={classes.quiet} onClick={props.onDeselect}>
          {t("Select nothing")}
        </button>
      )}
      <Confirmation {...props} proposal={proposal} />
    </section>
  );
}

/** Says how many texts are changed, and what of it had been said already. */
function Confirmation({ selected, many, proposal, onPropose, onConfirm }: Props) {
  const count = selected.length;
  const label = proposal?.label ?? null;
  const other = replaced(selected, ({ value }) =>
    label === null ? null : given(value, label.name, many),
  );
  const deed =
    label === null
      ? t("Clear my labels of {{count}} texts", { count })
      : t("Label {{count}} texts {{label}}", { count, label: label.name });
  return (
    <Modal
      opened={proposal !== null}
      onClose={() => onPropose(null)}
      title={deed}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <p className={classes.consequence}>
        {other === 0
          ? t("You have said nothing else of any of them.")
          : t("You have said something else of {{count}} of them, which this replaces.", {
              count: other,
            })}{" "}
        {t("What others said stays. Undo brings back what you had said.")}
      </p>
      <div className={classes.decide}>
        <Button data-autofocus onClick={onConfirm}>
          {deed}
        </Button>
        <Button variant="default" onClick={() => onPropose(null)}>
          {t("Cancel")}
        </Button>
      </div>
    </Modal>
  );
}
