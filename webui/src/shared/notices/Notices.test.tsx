import { MantineProvider } from "@mantine/core";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { tellEnd } from "@/shared/jobs/tellEnd";
import { aJob, anEnergy } from "@/shared/jobs/testing";
import { Notices } from "./Notices";
import { dismissAll } from "./notices";

beforeEach(() => {
  vi.useFakeTimers();
  render(
    <MantineProvider>
      <Notices />
    </MantineProvider>,
  );
});
afterEach(() => {
  dismissAll();
  vi.useRealTimers();
});

const DONE = aJob({
  state: "done",
  seconds: 3,
  wh: 0.42,
  g_co2e: 0.02,
  energy: anEnergy(),
});

it("tells how a job ended and what it cost, and leaves by itself", () => {
  act(() => tellEnd(DONE));
  expect(screen.getByText("Compute the feature lsa50: done")).toBeTruthy();
  expect(screen.getByText("Done in 3 s. 0.42 Wh, 0.02 g CO₂e, estimated.")).toBeTruthy();
  act(() => void vi.advanceTimersByTime(9_000));
  expect(screen.queryByText("Compute the feature lsa50: done")).toBeNull();
});

it("stays while somebody reads it", () => {
  act(() => tellEnd(DONE));
  const title = screen.getByText("Compute the feature lsa50: done");
  fireEvent.mouseEnter(title.closest("[data-tone]") as Element);
  act(() => void vi.advanceTimersByTime(60_000));
  expect(screen.getByText("Compute the feature lsa50: done")).toBeTruthy();
});

it("tells why a job failed", () => {
  act(() => tellEnd(aJob({ state: "failed", error: "no term is left of 3 texts" })));
  act(() => void vi.advanceTimersByTime(9_000));
  expect(screen.getByText("no term is left of 3 texts")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: /^Close: Compute/ }));
  expect(screen.queryByText("no term is left of 3 texts")).toBeNull();
});

it("says nothing of what somebody stopped", () => {
  act(() => tellEnd(aJob({ state: "cancelled" })));
  expect(screen.queryByText(/Compute the feature/)).toBeNull();
});
