import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ThreadView } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { readThread, reply, resolveThread } from "../api";
import { Composer } from "./Composer";
import classes from "./Discussion.module.css";
import { Post } from "./Post";
import { freshPosts } from "./threads";

interface Props {
  slug: string;
  thread: ThreadView;
  me: string | null;
  names: readonly string[];
  /** The id of the field in which one answers. */
  field: string | undefined;
  onChanged: () => Promise<unknown>;
}

/** A thread: what was said, and an answer. */
export function Thread({ slug, thread, me, names, field, onChanged }: Props) {
  const { id, posts, resolved_by, unread } = thread;
  const fresh = useFresh(slug, thread, me, onChanged);
  const replying = useMutation({
    mutationFn: (text: string) => reply(slug, id, text),
    onSuccess: onChanged,
  });
  const resolving = useMutation({
    mutationFn: (resolved: boolean) => resolveThread(slug, id, resolved),
    onSuccess: onChanged,
  });
  const open = resolved_by === null;
  return (
    <section
      className={classes.thread}
      aria-label={open ? t("Thread") : t("Resolved thread")}
      data-resolved={!open || undefined}
      data-unread={unread > 0 || undefined}
    >
      <ol>
        {posts.map((post) => (
          <Post
            key={post.id}
            slug={slug}
            thread={id}
            post={post}
            own={post.user === me}
            fresh={fresh.has(post.id)}
            names={names}
            onChanged={onChanged}
          />
        ))}
      </ol>
      {(replying.error ?? resolving.error) != null && (
        <Notice error={replying.error ?? resolving.error} />
      )}
      <div className={classes.resolving}>
        {!open && <p>{t("{{user}} has resolved this.", { user: resolved_by })}</p>}
        <Button
          size="compact-xs"
          variant="subtle"
          loading={resolving.isPending}
          onClick={() => resolving.mutate(open)}
        >
          {open ? t("Resolve") : t("Open again")}
        </Button>
      </div>
      {open && (
        <Composer
          {...(field === undefined ? {} : { id: field })}
          label={t("Answer")}
          send={t("Say it")}
          names={names}
          busy={replying.isPending}
          onSend={(text) => replying.mutateAsync(text)}
        />
      )}
    </section>
  );
}

/** The posts that were new when they came in front; what is shown counts as read. */
function useFresh(
  slug: string,
  thread: ThreadView,
  me: string | null,
  onChanged: () => Promise<unknown>,
): ReadonlySet<number> {
  const [fresh, setFresh] = useState<ReadonlySet<number>>(new Set());
  const { id, unread } = thread;
  const news = freshPosts(thread, me).map((post) => post.id);
  if (news.some((post) => !fresh.has(post))) setFresh(new Set([...fresh, ...news]));
  const { mutate } = useMutation({
    mutationFn: () => readThread(slug, id),
    onSuccess: onChanged,
  });
  const last = news.at(-1);
  useEffect(() => {
    if (unread > 0 && last !== undefined) mutate();
  }, [unread, last, mutate]);
  return fresh;
}
