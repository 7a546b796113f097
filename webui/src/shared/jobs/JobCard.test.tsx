import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { JobView } from "@/api/schema";
import { componentsQuery } from "@/shared/artefacts/api";
import { logQuery } from "./api";
import { JobCard } from "./JobCard";
import { aJob, anEnergy } from "./testing";

function show(job: JobView, stoppable = true) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000 } } });
  client.setQueryData(componentsQuery.queryKey, []);
  client.setQueryData(logQuery(job.id).queryKey, ["743 terms", "from 240 texts"]);
  render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <JobCard job={job} withUser stoppable={stoppable} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return screen.getByRole("article", { name: "Compute the feature lsa50" });
}

it("shows a job that runs: how far it is, what it does, what is left, whose it is", () => {
  const eta = new Date(Date.now() + 180_000).toISOString();
  const metrics = { texts_per_second: 240 };
  const card = show(aJob({ eta, metrics, message: "text 90 of 360", warning: "nearly spent" }));
  const bar = screen.getByRole("progressbar", { name: "Compute the feature lsa50" });
  expect(bar.getAttribute("aria-valuenow")).toBe("25");
  for (const words of [/^25 %, about 3 minutes left$/, /^240 texts\/s$/, /so far$/, /^ada$/]) {
    expect(screen.getByText(words)).toBeTruthy();
  }
  expect(card.textContent).toContain("text 90 of 360");
  expect(card.textContent).toContain("nearly spent");
  expect(screen.getByRole("button", { name: /^Stop: / })).toBeTruthy();
});

it("does not pretend to know how far a job is that does not say", () => {
  show(aJob({ progress: null }));
  expect(screen.getByRole("progressbar").hasAttribute("aria-valuenow")).toBe(false);
});

it("offers nobody to stop what is not theirs to stop", () => {
  show(aJob(), false);
  expect(screen.queryByRole("button", { name: /^Stop/ })).toBeNull();
});

it("shows why a job failed, and its log on demand", async () => {
  show(aJob({ state: "failed", seconds: 4, error: "no term is left" }));
  expect(screen.getByText("no term is left")).toBeTruthy();
  expect(screen.getByText("failed after 4 s")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /^Stop/ })).toBeNull();
  const button = screen.getByRole("button", { name: "Log" });
  expect(screen.queryByText(/743 terms/)).toBeNull();
  await userEvent.click(button);
  expect(screen.getByRole("region", { name: "Log" }).textContent).toContain("from 240 texts");
  expect(button.getAttribute("aria-expanded")).toBe("true");
});

it("shows what a job has cost, and how each part of that was found out", async () => {
  const energy = anEnergy({
    gpu_wh: 1,
    measured: ["gpu"],
    methods: { cpu: "Estimated: 4 W.", gpu: "Measured by the card." },
  });
  show(aJob({ state: "done", seconds: 3, energy, wh: 1.42, g_co2e: 0.08 }));
  // One part of three was measured: the whole is an estimate.
  expect(screen.getByText("1.4 Wh, 0.08 g CO₂e, estimated")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "How it was counted" }));
  expect(screen.getByText("Graphics card: 1 Wh, measured")).toBeTruthy();
  expect(screen.getByText("Measured by the card.")).toBeTruthy();
  expect(screen.getByText("Processor: 0.3 Wh, estimated")).toBeTruthy();
  expect(screen.getByText(/^CO₂e at 56 g a kWh: France 2023\.$/)).toBeTruthy();
});
