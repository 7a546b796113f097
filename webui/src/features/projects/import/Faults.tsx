import { Checkbox } from "@mantine/core";
import { t } from "@/shared/words/translate";
import { type Fault, shownRows } from "./draft";
import classes from "./Import.module.css";

interface Props {
  faults: readonly Fault[];
  leaveOut: boolean;
  onLeaveOut: (leaveOut: boolean) => void;
}

/** Rows that keep the file from being imported, and what can be done about them. */
export function Faults({ faults, leaveOut, onLeaveOut }: Props) {
  if (faults.length === 0) return null;
  return (
    <section aria-labelledby="faults" className={classes.faults}>
      <h2 id="faults">{t("Rows that cannot be coded")}</h2>
      <ul>
        {faults.map((fault) => (
          <li key={fault.kind}>{sentence(fault)}</li>
        ))}
      </ul>
      <Checkbox
        label={t("Leave these rows out")}
        description={t("Of rows with the same id the first stays. Or correct the file.")}
        checked={leaveOut}
        onChange={(event) => onLeaveOut(event.currentTarget.checked)}
      />
    </section>
  );
}

function sentence({ kind, column, count, rows: first }: Fault): string {
  const rows = shownRows(first, count);
  switch (kind) {
    case "no-text":
      return t("{{count}} rows have no text in {{column}}: row {{rows}}.", { count, column, rows });
    case "no-id":
      return t("{{count}} rows have no id in {{column}}: row {{rows}}.", { count, column, rows });
    case "id-again":
      return t("{{count}} rows have an id in {{column}} that stood before: row {{rows}}.", {
        count,
        column,
        rows,
      });
  }
}
