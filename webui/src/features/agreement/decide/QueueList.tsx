import { Button } from "@mantine/core";
import type { Disagreement } from "@/api/schema";
import { percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import type { Standing } from "../discuss/threads";
import { said } from "../values";
import classes from "./QueueList.module.css";

interface Props {
  queue: readonly Disagreement[];
  /** The id of the text in front. */
  front: string;
  talk: ReadonlyMap<string, Standing>;
  onChoose: (text: Disagreement) => void;
  more: (() => void) | null;
}

/** The texts that people disagree on, the most severe first. */
export function QueueList({ queue, front, talk, onChoose, more }: Props) {
  return (
    <nav className={classes.queue} aria-label={t("Disagreements, the most severe first")}>
      <ol>
        {queue.map((text) => (
          <li key={text.id}>
            <button
              type="button"
              aria-current={text.id === front ? "true" : undefined}
              onClick={() => onChoose(text)}
            >
              <span className={classes.excerpt} dir="auto">
                {text.text}
              </span>
              <span className={classes.said} dir="auto">
                {text.votes.map(({ value }) => said(value, text.text)).join(" · ")}
              </span>
              <span className={classes.figures}>
                <span className={classes.severity} style={{ "--share": text.severity }}>
                  {t("severity {{share}}", { share: percent(Math.min(1, text.severity)) })}
                </span>
                {text.assigned_to !== null && <span>{text.assigned_to}</span>}
                <Talk standing={talk.get(text.id)} />
              </span>
            </button>
          </li>
        ))}
      </ol>
      {more !== null && (
        <Button variant="default" size="xs" onClick={more}>
          {t("Show more")}
        </Button>
      )}
    </nav>
  );
}

function Talk({ standing }: { standing: Standing | undefined }) {
  if (standing === undefined) return null;
  return standing.unread > 0 ? (
    <strong>{t("{{count}} new posts", { count: standing.unread })}</strong>
  ) : (
    <span>{t("{{count}} posts", { count: standing.posts })}</span>
  );
}
