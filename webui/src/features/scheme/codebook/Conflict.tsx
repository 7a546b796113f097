import { Button } from "@mantine/core";
import { t } from "@/shared/words/translate";
import classes from "./Codebook.module.css";
import { both, difference } from "./draft";

interface Props {
  ours: string;
  theirs: string;
  onSettle: (text: string) => void;
}

/** Somebody else has saved the codebook meanwhile: what differs, and what to go on with. */
export function Conflict({ ours, theirs, onSettle }: Props) {
  const found = difference(ours, theirs);
  return (
    <div className={classes.conflict} role="alert">
      <p>{t("Somebody else has saved the codebook since you began. Nothing of yours was lost.")}</p>
      <div className={classes.sides}>
        <Lines title={t("Theirs, saved")} lines={found.theirs} />
        <Lines title={t("Yours, not saved")} lines={found.ours} />
      </div>
      <div className={classes.end}>
        <Button variant="default" onClick={() => onSettle(theirs)}>
          {t("Take theirs")}
        </Button>
        <Button variant="default" onClick={() => onSettle(ours)}>
          {t("Go on with yours")}
        </Button>
        <Button variant="default" onClick={() => onSettle(both(found))}>
          {t("Put both into the text")}
        </Button>
      </div>
    </div>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <pre dir="auto">
        {lines.length === 0 ? t("These lines are not there.") : lines.join("\n")}
      </pre>
    </section>
  );
}
