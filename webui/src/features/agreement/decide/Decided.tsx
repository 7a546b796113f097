import type { Disagreement } from "@/api/schema";
import { ActionButton } from "@/shared/actions/ActionButton";
import type { Action } from "@/shared/actions/action";
import { useServerNow } from "@/shared/clock";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { said } from "../values";
import classes from "./DecisionDesk.module.css";

interface Props {
  decision: Disagreement["adjudications"][number];
  text: string;
  takeBack: Action | null;
}

/** The decision that counts, and the way to take it back. */
export function Decided({ decision, text, takeBack }: Props) {
  const now = useServerNow(60_000);
  const { user, value, comment, created_at } = decision;
  return (
    <section className={classes.decided} aria-label={t("The decision")}>
      <p>
        {t("{{user}} decided {{value}}, {{when}}.", {
          user,
          value: said(value, text),
          when: ago(created_at, now),
        })}
        {comment !== "" && <q dir="auto">{comment}</q>}
      </p>
      {takeBack !== null && <ActionButton action={takeBack} />}
    </section>
  );
}
