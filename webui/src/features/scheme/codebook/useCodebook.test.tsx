import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import * as requests from "../api";
import { Around, aScheme } from "../testing";
import { UNCHANGED } from "./change";
import { useCodebook } from "./useCodebook";

const PLACE = { slug: "climate", scheme: "stance" };
const get = vi.spyOn(requests, "getScheme");
const change = vi.spyOn(requests, "changeScheme");
const show = vi.spyOn(requests, "showScheme").mockImplementation(() => undefined);
beforeEach(() => {
  localStorage.clear();
  for (const each of [get, change, show]) each.mockClear();
});

function book(codebook = "old") {
  return renderHook(({ scheme }) => useCodebook(PLACE, scheme), {
    wrapper: Around,
    initialProps: { scheme: aScheme({ codebook }) },
  });
}

it("keeps what was written when the page is left and comes back", () => {
  const first = book();
  act(() => first.result.current.write("mine"));
  first.unmount();
  const { result } = book();
  expect(result.current.text).toBe("mine");
  expect(result.current.standing).toBe("changed");
});

it("saves over the version that it was begun from, and says what it changes", async () => {
  const { result, rerender } = book();
  change.mockResolvedValue(aScheme({ codebook: "mine", codebook_version: 2 }));
  act(() => result.current.write("mine"));
  act(() => result.current.save({ note: " irony ", kind: "labels", labels: ["agree"] }));
  const sent = { codebook: "mine", note: "irony", affects: ["agree"], base: 1 };
  await waitFor(() => expect(change).toHaveBeenCalledWith(PLACE, sent));
  rerender({ scheme: aScheme({ codebook: "mine" }) });
  await waitFor(() => expect(result.current.standing).toBe("saved"));
  expect(book("since").result.current.text).toBe("since");
  expect(get).not.toHaveBeenCalled();
});

it("does not write over what somebody else has saved, but shows it", async () => {
  const { result, rerender } = book();
  const theirs = aScheme({ codebook: "theirs", codebook_version: 2 });
  change.mockRejectedValueOnce(new Problem(409, "The codebook was changed meanwhile."));
  get.mockResolvedValue(theirs);
  act(() => result.current.write("mine"));
  act(() => result.current.save(UNCHANGED));
  await waitFor(() => expect(show).toHaveBeenCalledWith(expect.anything(), "climate", theirs));
  rerender({ scheme: theirs });
  expect(result.current.standing).toBe("conflict");
  expect(result.current.text).toBe("mine");
  expect(change).toHaveBeenCalledTimes(1);
});

it("saves all the same where only a label has changed meanwhile", async () => {
  const { result } = book();
  change.mockRejectedValueOnce(new Problem(409, "The codebook was changed meanwhile."));
  change.mockResolvedValueOnce(aScheme({ codebook: "mine", codebook_version: 3 }));
  get.mockResolvedValue(aScheme({ codebook_version: 2 }));
  act(() => result.current.write("mine"));
  act(() => result.current.save(UNCHANGED));
  await waitFor(() => expect(change).toHaveBeenCalledTimes(2));
  expect(change.mock.lastCall?.[1]).toMatchObject({ codebook: "mine", base: 2 });
});
