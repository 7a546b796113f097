import type { PostView, ThreadView } from "@/api/schema";

/** What is said of a text. */
export interface Standing {
  readonly posts: number;
  readonly unread: number;
}

/** Sum up what is said of each text. */
export function standings(threads: readonly ThreadView[]): ReadonlyMap<string, Standing> {
  const all = new Map<string, Standing>();
  for (const { text_id, posts, unread } of threads) {
    const before = all.get(text_id) ?? { posts: 0, unread: 0 };
    const left = posts.filter(({ deleted }) => !deleted).length;
    all.set(text_id, { posts: before.posts + left, unread: before.unread + unread });
  }
  return all;
}

/** How many texts have something that was not read. */
export function unreadIn(standing: ReadonlyMap<string, Standing>): number {
  return [...standing.values()].filter(({ unread }) => unread > 0).length;
}

/** The posts of a thread that were not read: the newest by others, as many as are unread. */
export function freshPosts(
  { posts, unread }: Pick<ThreadView, "posts" | "unread">,
  me: string | null,
): readonly PostView[] {
  const others = posts.filter(({ user, deleted }) => user !== me && !deleted);
  return unread === 0 ? [] : others.slice(-unread);
}
