import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toProblem } from "@/api/problem";
import type { TopicInfo, TopicsInfo } from "@/api/schema";
import { topicsQuery } from "@/shared/artefacts/api";
import { putJob } from "@/shared/jobs/jobCache";
import { notify } from "@/shared/notices/notices";
import { InPlace } from "@/shared/ui/InPlace";
import { figure } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import { askMapAgain, changeTopics, nameTopic, undoTopics } from "./api";
import type { Entry } from "./colouring";
import classes from "./Map.module.css";

interface Props {
  slug: string;
  topics: TopicsInfo;
  /** The legend of the map, where it has the topics' colours. */
  entries: readonly Entry[];
  hidden: ReadonlySet<number>;
  onHidden: (hidden: ReadonlySet<number>) => void;
  /** Whether the reader may change them. */
  may: boolean;
}

/** Words that tell a topic from another; more are not read. */
const WORDS = 6;

/** The topics of the map: what they are about, which alone is shown, named, merged. */
export function Topics({ slug, topics, entries, hidden, onHidden, may }: Props) {
  const client = useQueryClient();
  const [ticked, setTicked] = useState<readonly number[]>([]);
  const chosen = ticked.filter((id) => topics.topics.some((each) => each.id === id));
  const failed = (error: unknown) =>
    notify({
      id: "explore.topics",
      tone: "bad",
      title: t("The topics stay as they were."),
      text: toProblem(error).detail,
    });
  const settled = async () => {
    await client.invalidateQueries({ queryKey: topicsQuery(slug).queryKey });
    await askMapAgain(client, slug);
  };
  const naming = useMutation({
    mutationFn: ({ id, name }: { id: number; name: string }) =>
      nameTopic(slug, topics.name, id, name),
    onError: failed,
    onSettled: settled,
  });
  const undoing = useMutation({
    mutationFn: () => undoTopics(slug, topics.name),
    onError: failed,
    onSettled: settled,
  });
  const merging = useMutation({
    mutationFn: (ids: readonly number[]) =>
      changeTopics(slug, topics.name, { op: "merge", ids: [...ids], into: 2, seed: 0 }),
    onSuccess: (job) => {
      putJob(client, job);
      setTicked([]);
    },
    onError: failed,
  });

  const entryOf = ({ name }: TopicInfo) => entries.find((each) => each.name === name);
  const alone = (topic: TopicInfo): boolean => {
    const own = entryOf(topic)?.code;
    return (
      own !== undefined &&
      !hidden.has(own) &&
      entries.every(({ code }) => code === own || hidden.has(code))
    );
  };
  const showAlone = (topic: TopicInfo) => {
    const own = entryOf(topic)?.code;
    const others = entries.map(({ code }) => code).filter((code) => code !== own);
    onHidden(alone(topic) ? new Set() : new Set(others));
  };
  const busy = naming.isPending || undoing.isPending || merging.isPending;
  return (
    <section className={classes.topics} aria-label={t("Topics")}>
      <p className={classes.soft}>
        {t("{{count}} topics.", { count: topics.topics.length })}{" "}
        {topics.outliers > 0 && t("{{count}} texts are in none.", { count: topics.outliers })}
      </p>
      <ul>
        {topics.topics.map((topic) => (
          <li key={topic.id} style={{ "--point": entryOf(topic)?.color ?? "var(--line-strong)" }}>
            <div className={classes.topicHead}>
              {may && (
                <input
                  type="checkbox"
                  aria-label={t("Choose {{topic}} for merging", { topic: topic.name })}
                  checked={chosen.includes(topic.id)}
                  onChange={({ currentTarget: { checked } }) =>
                    setTicked(
                      checked ? [...chosen, topic.id] : chosen.filter((id) => id !== topic.id),
                    )
                  }
                />
              )}
              <button
                type="button"
                className={classes.show}
                aria-pressed={alone(topic)}
                onClick={() => showAlone(topic)}
              >
                <span className={classes.dot} />
                <span className={classes.unseen}>
                  {t("Show only {{topic}}", { topic: topic.name })}
                </span>
                <span className={classes.number}>{figure(topic.size)}</span>
              </button>
              {may ? (
                <InPlace
                  label={t("Name of the topic")}
                  value={topic.name}
                  maxLength={100}
                  onSave={(name) => naming.mutate({ id: topic.id, name })}
                />
              ) : (
                <span className={classes.name} dir="auto">
                  {topic.name}
                </span>
              )}
            </div>
            <p className={classes.words} dir="auto">
              {furtherWords(topic).join(", ")}
            </p>
          </li>
        ))}
      </ul>
      {may && (
        <div className={classes.pair}>
          <Button
            size="compact-sm"
            variant="default"
            disabled={chosen.length < 2 || busy}
            onClick={() => merging.mutate(chosen)}
          >
            {t("Merge the chosen topics")}
          </Button>
          {topics.version > 1 && topics.operation !== "found" && (
            <Button
              size="compact-sm"
              variant="default"
              disabled={busy}
              onClick={() => undoing.mutate()}
            >
              {t("Undo the last change")}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

/** The words of a topic that do not stand in its name. */
function furtherWords({ name, words }: TopicInfo): readonly string[] {
  const named = name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words
    .map(({ word }) => word)
    .filter((word) => !named.includes(word.toLowerCase()))
    .slice(0, WORDS);
}
