import { describe, expect, it } from "vitest";
import type { PostView, ThreadView } from "@/api/schema";
import { completed, mentionAt, suggestedNames } from "./mentions";
import { freshPosts, standings, unreadIn } from "./threads";

function aPost(id: number, user: string, deleted = false): PostView {
  return { id, user, text: "", created_at: "", edited_at: null, deleted };
}

function aThread(text_id: string, posts: PostView[], unread: number): ThreadView {
  const rest = { id: 1, row: 0, scheme: null, user: "ada", created_at: "" };
  return { ...rest, text_id, posts, unread, resolved_by: null, resolved_at: null };
}

describe("mentions", () => {
  it("begin with an @ that no name or address goes before", () => {
    expect(mentionAt("ask @be", 7)).toEqual({ start: 4, end: 7, sought: "be" });
    expect(mentionAt("@", 1)?.sought).toBe("");
    expect(mentionAt("ask @ben now", 12)).toBeNull();
    expect(mentionAt("ada@be", 6)).toBeNull();
  });

  it("suggest names that begin so first", () => {
    const mention = { start: 0, end: 3, sought: "be" };
    expect(suggestedNames(["abe", "Ben", "cy", "bea"], mention)).toEqual(["bea", "Ben", "abe"]);
  });

  it("are completed where the caret is", () => {
    const mention = { start: 4, end: 7, sought: "be" };
    expect(completed("ask @be too", mention, "ben")).toEqual({ text: "ask @ben too", caret: 9 });
    expect(completed("ask @be", mention, "ben")).toEqual({ text: "ask @ben ", caret: 9 });
  });
});

describe("threads", () => {
  const threads = [
    aThread("1", [aPost(1, "ada"), aPost(2, "ben", true)], 0),
    aThread("1", [aPost(3, "ben")], 1),
    aThread("2", [aPost(4, "ben")], 0),
  ];

  it("are summed up by text", () => {
    expect(standings(threads).get("1")).toEqual({ posts: 2, unread: 1 });
    expect(unreadIn(standings(threads))).toBe(1);
  });

  it("have as many fresh posts by others as are unread", () => {
    const posts = [aPost(1, "ben"), aPost(2, "ben", true), aPost(3, "me"), aPost(4, "cy")];
    const ids = (unread: number) => freshPosts({ posts, unread }, "me").map(({ id }) => id);
    expect(ids(1)).toEqual([4]);
    expect(ids(2)).toEqual([1, 4]);
    expect(ids(0)).toEqual([]);
  });
});
