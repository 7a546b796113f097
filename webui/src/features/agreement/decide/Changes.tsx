import { Button } from "@mantine/core";
import { t } from "@/shared/words/translate";
import { said } from "../values";
import classes from "./DecisionDesk.module.css";
import type { Deciding } from "./useDeciding";

/** What people have said since the text was looked at. */
export function Changes({ deciding, text }: { deciding: Deciding; text: string }) {
  const { changes, gone, next, acknowledge } = deciding;
  if (gone) {
    return (
      <div className={classes.news} role="alert">
        <p>
          {t(
            "This text has left the list: it was decided, or its coders agree now. Nothing is decided here until you go on.",
          )}
        </p>
        {next !== null && (
          <Button size="xs" variant="default" onClick={next}>
            {t("Go on")}
          </Button>
        )}
      </div>
    );
  }
  if (changes.length === 0) return null;
  return (
    <div className={classes.news} role="alert">
      <div>
        <p>{t("Since you looked at this text, something has changed:")}</p>
        <ul>
          {changes.map(({ user, before, after, by }) => (
            <li key={`${by}/${user}`}>
              {by === "vote"
                ? t("{{user}} now says {{after}}; before: {{before}}.", {
                    user,
                    after: said(after, text),
                    before: said(before, text),
                  })
                : t("{{user}} now decides {{after}}; before: {{before}}.", {
                    user,
                    after: said(after, text),
                    before: said(before, text),
                  })}
            </li>
          ))}
        </ul>
      </div>
      <Button size="xs" variant="default" onClick={acknowledge}>
        {t("I have seen it")}
      </Button>
    </div>
  );
}
