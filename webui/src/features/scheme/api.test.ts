import { expect, it, vi } from "vitest";
import { api } from "@/api/client";
import { undoRetirement } from "./api";

const PLACE = { slug: "climate", scheme: "stance" };

function answering(undone: { id: string | null }) {
  const answer = { data: { seq: 9, undoes: 8, value: null, ...undone }, response: new Response() };
  return vi
    .spyOn(api, "POST")
    .mockReset()
    .mockResolvedValue(answer as never);
}

function paths(post: { mock: { calls: unknown[][] } }) {
  return post.mock.calls.map(([path]) => String(path).split("/").at(-1));
}

it("takes back a merge", async () => {
  const post = answering({ id: null });
  await undoRetirement(PLACE);
  expect(paths(post)).toEqual(["undo"]);
});

it("lets an annotation stay that came after it, and says so", async () => {
  const post = answering({ id: "text-3" });
  await expect(undoRetirement(PLACE)).rejects.toThrow("You have annotated since.");
  expect(paths(post)).toEqual(["undo", "redo"]);
});
