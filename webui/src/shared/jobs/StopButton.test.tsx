import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api } from "@/api/client";
import type { JobView } from "@/api/schema";
import { StopButton } from "./StopButton";
import { aJob } from "./testing";

let answer: Response;
const asked: string[] = [];

beforeEach(() => {
  asked.length = 0;
  answer = Response.json(aJob());
  // A test's page has no address, so that no request can leave it.
  vi.spyOn(api, "DELETE").mockImplementation((async (path: string, init: { params: object }) => {
    asked.push(`${path} ${JSON.stringify(init.params)}`);
    const content: unknown = await answer.json();
    return answer.ok ? { data: content, response: answer } : { error: content, response: answer };
  }) as unknown as typeof api.DELETE);
});
afterEach(() => vi.restoreAllMocks());

const STOPPED = ['/api/v1/jobs/{job} {"path":{"job":"a"}}'];

function show(job: JobView) {
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <StopButton job={job} title="Train m1" />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return screen.getByRole("button", { name: "Stop: Train m1" });
}

it("stops a job at once that has hardly begun", async () => {
  await userEvent.click(show(aJob({ started_at: new Date().toISOString() })));
  await waitFor(() => expect(asked).toEqual(STOPPED));
  expect(screen.getByText("stopping…")).toBeTruthy();
});

it("asks before it throws work away, and keeps it if so wished", async () => {
  const started_at = new Date(Date.now() - 125_000).toISOString();
  await userEvent.click(show(aJob({ started_at })));
  expect(screen.getByText(/^2 min \d s of work would be lost\.$/)).toBeTruthy();
  // Whoever presses Enter twice keeps the work.
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Keep it" }));
  await userEvent.keyboard("{Enter}");
  expect(asked).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Stop: Train m1" }));
  await userEvent.click(screen.getByRole("button", { name: "Stop it" }));
  await waitFor(() => expect(asked).toEqual(STOPPED));
});

it("says why a job cannot be stopped, and lets try again", async () => {
  const detail = "Only whoever started a job may cancel it.";
  answer = Response.json({ detail }, { status: 403 });
  await userEvent.click(show(aJob({ state: "queued", started_at: null })));
  await screen.findByText(detail);
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});
