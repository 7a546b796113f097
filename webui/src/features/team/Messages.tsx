import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { MessageView } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { Notice } from "@/shared/ui/Notice";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { deleteMessage, messagesQuery, readMessage, sendMessage } from "./api";
import classes from "./Team.module.css";

/** What managers tell everybody here, and what the installation's administrators tell all. */
export function Messages({ slug, manages }: { slug: string; manages: boolean }) {
  const client = useQueryClient();
  const messages = useQuery(messagesQuery);
  const again = () => client.invalidateQueries({ queryKey: messagesQuery.queryKey });
  const [text, setText] = useState("");
  const sending = useMutation({
    mutationFn: () => sendMessage(slug, text.trim()),
    onSuccess: () => setText(""),
    onSettled: again,
  });
  const deleting = useMutation({
    mutationFn: (id: number) => deleteMessage(slug, id),
    onSettled: again,
  });
  const reading = useMutation({ mutationFn: readMessage, onSettled: again });
  const error = messages.error ?? sending.error ?? deleting.error ?? reading.error;
  const here = (messages.data ?? []).filter(({ project }) => project === null || project === slug);
  return (
    <section aria-labelledby="messages" className={classes.section}>
      <h2 id="messages">{t("Messages")}</h2>
      {messages.isSuccess && here.length === 0 && <p>{t("Nobody has written anything yet.")}</p>}
      {manages && (
        <form
          className={classes.form}
          aria-label={t("Write to everybody in the project")}
          onSubmit={(event) => {
            event.preventDefault();
            sending.mutate();
          }}
        >
          <Textarea
            label={t("To everybody in the project")}
            autosize
            minRows={2}
            maxRows={10}
            maxLength={20_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div className={classes.end}>
            <Button type="submit" loading={sending.isPending} disabled={text.trim() === ""}>
              {t("Send")}
            </Button>
          </div>
        </form>
      )}
      {error && <Notice error={error} />}
      <ul className={classes.list}>
        {here.map((message) => (
          <MessageLine
            key={message.id}
            message={message}
            mayDelete={manages && message.project === slug}
            onRead={() => reading.mutate(message.id)}
            onDelete={() => deleting.mutate(message.id)}
          />
        ))}
      </ul>
    </section>
  );
}

interface LineProps {
  message: MessageView;
  mayDelete: boolean;
  onRead: () => void;
  onDelete: () => void;
}

function MessageLine({ message, mayDelete, onRead, onDelete }: LineProps) {
  const now = useServerNow(60_000);
  const { user, project, text, created_at, read } = message;
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <h3 dir="auto">{user}</h3>
        <span className={classes.kind}>
          {project === null
            ? t("to all, {{when}}", { when: ago(created_at, now) })
            : ago(created_at, now)}
        </span>{" "}
        {!read && <span className={classes.unread}>{t("new")}</span>}
        <div className={classes.words} dir="auto">
          {text}
        </div>
      </div>
      <div className={classes.tools}>
        {!read && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t("I have read what {{name}} wrote", { name: user })}
            onClick={onRead}
          >
            {t("Read")}
          </Button>
        )}
        {mayDelete && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t("Delete the message of {{name}}", { name: user })}
            onClick={onDelete}
          >
            {t("Delete")}
          </Button>
        )}
      </div>
    </li>
  );
}
