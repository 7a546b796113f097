import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { PostView } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { Markdown } from "@/shared/ui/Markdown";
import { Notice } from "@/shared/ui/Notice";
import { ago, moment } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { deletePost, editPost } from "../api";
import { Composer } from "./Composer";
import classes from "./Discussion.module.css";

interface Props {
  slug: string;
  thread: number;
  post: PostView;
  own: boolean;
  fresh: boolean;
  names: readonly string[];
  onChanged: () => Promise<unknown>;
}

/** What somebody has said; who said it may change it and take it away. */
export function Post({ slug, thread, post, own, fresh, names, onChanged }: Props) {
  const now = useServerNow(60_000);
  const [editing, setEditing] = useState(false);
  const [sure, setSure] = useState(false);
  const changing = useMutation({
    mutationFn: (text: string) => editPost(slug, thread, post.id, text),
    onSuccess: async () => {
      await onChanged();
      setEditing(false);
    },
  });
  const deleting = useMutation({
    mutationFn: () => deletePost(slug, thread, post.id),
    onSuccess: onChanged,
  });
  const error = changing.error ?? deleting.error;
  return (
    <li className={classes.post} data-fresh={fresh || undefined}>
      <p className={classes.by}>
        <strong>{post.user}</strong>
        <time dateTime={post.created_at} title={moment(post.created_at)}>
          {ago(post.created_at, now)}
        </time>
        {post.edited_at !== null && !post.deleted && <span>{t("edited")}</span>}
        {fresh && <em>{t("new")}</em>}
      </p>
      {error && <Notice error={error} />}
      {post.deleted && <p className={classes.none}>{t("This was deleted.")}</p>}
      {!post.deleted && !editing && <Markdown text={post.text} level={3} />}
      {editing && (
        <Composer
          label={t("Change what you said")}
          send={t("Save")}
          first={post.text}
          names={names}
          busy={changing.isPending}
          onSend={(text) => changing.mutateAsync(text)}
          onCancel={() => setEditing(false)}
        />
      )}
      {own && !post.deleted && !editing && (
        <p className={classes.own}>
          <Button size="compact-xs" variant="subtle" onClick={() => setEditing(true)}>
            {t("Edit")}
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            loading={deleting.isPending}
            onClick={() => (sure ? deleting.mutate() : setSure(true))}
            onBlur={() => setSure(false)}
          >
            {sure ? t("Delete for good") : t("Delete")}
          </Button>
        </p>
      )}
    </li>
  );
}
