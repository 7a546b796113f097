import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import type { SchemeInfo } from "@/api/schema";
import * as requests from "../api";
import { Around, aScheme } from "../testing";
import { useOrder } from "./useOrder";

const PLACE = { slug: "climate", scheme: "stance" };
const change = vi.spyOn(requests, "changeLabels");
vi.spyOn(requests, "showScheme").mockImplementation(() => undefined);
beforeEach(() => {
  change.mockReset();
});

function order(scheme: SchemeInfo) {
  return renderHook(() => useOrder(PLACE, scheme), { wrapper: Around }).result;
}

it("shows an order at once, and sends the newest after the one that is on its way", async () => {
  let answer: (scheme: SchemeInfo) => void = () => undefined;
  change.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  const scheme = aScheme();
  change.mockResolvedValue(scheme);
  const result = order(scheme);
  const [a, b, c] = scheme.labels as [never, never, never];
  act(() => result.current.arrange([b, a, c]));
  act(() => result.current.arrange([b, c, a]));
  act(() => result.current.arrange([c, b, a]));
  expect(result.current.labels.map(({ name }) => name)).toEqual(["disagree", "neutral", "agree"]);
  expect(change).toHaveBeenCalledTimes(1);
  act(() => answer(scheme));
  await waitFor(() => expect(change).toHaveBeenCalledTimes(2));
  expect(change.mock.lastCall?.[1]).toEqual({
    op: "reorder",
    labels: ["disagree", "neutral", "agree"],
  });
});

it("shows the server's order again where it was refused, and why", async () => {
  const refusal = new Problem(422, "Name every label of the scheme once.");
  change.mockRejectedValue(refusal);
  const scheme = aScheme();
  const result = order(scheme);
  act(() => result.current.arrange(scheme.labels.toReversed()));
  await waitFor(() => expect(result.current.error).toEqual(refusal));
  expect(result.current.labels.map(({ name }) => name)).toEqual(["agree", "neutral", "disagree"]);
});
