import { act, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api } from "@/api/client";
import { useEvents, useStreamState } from "./events";

let asked: (string | undefined)[];
let open: { signal: AbortSignal; line: ReadableStreamDefaultController<Uint8Array> }[];
let hidden: boolean;

interface Asked {
  params: { header: { "Last-Event-ID"?: string } };
  signal: AbortSignal;
}

beforeEach(() => {
  vi.useFakeTimers();
  [asked, open, hidden] = [[], [], false];
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
  vi.spyOn(api, "GET").mockImplementation((async (_: string, { params, signal }: Asked) => {
    asked.push(params.header["Last-Event-ID"]);
    const data = new ReadableStream<Uint8Array>({
      start: (line) => {
        open.push({ signal, line });
        signal.addEventListener("abort", () => line.error(signal.reason));
      },
    });
    return { data, response: new Response(null) };
  }) as unknown as typeof api.GET);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function Tab({ user }: { user: string | null }) {
  useEvents(user);
  return <output>{useStreamState()}</output>;
}

async function pass(milliseconds: number): Promise<void> {
  await act(() => vi.advanceTimersByTimeAsync(milliseconds));
}

async function look(away: boolean): Promise<void> {
  hidden = away;
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(0);
}

async function send(text: string): Promise<void> {
  open.at(-1)?.line.enqueue(new TextEncoder().encode(text));
  await pass(0);
}

it("lets go of the stream while the tab is hidden, and goes on from there", async () => {
  const { container } = render(<Tab user="ada" />);
  await send("id: 7\n\n");
  expect(container.textContent).toBe("open");
  await look(true);
  await pass(10_000);
  await look(false);
  // A short look elsewhere costs nothing, then or later.
  await pass(15_000);
  await send(":\nid: 8\n\n");
  expect(asked).toEqual([undefined]);
  await look(true);
  await pass(20_000);
  expect(open[0]?.signal.aborted).toBe(true);
  expect(container.textContent).toBe("closed");
  await look(false);
  expect(asked).toEqual([undefined, "8"]);
});

it("does not begin in a tab that nobody has looked at", async () => {
  hidden = true;
  render(<Tab user="ada" />);
  await pass(60_000);
  expect(asked).toEqual([]);
});

it("ends when the user signs out, and begins anew for the next", async () => {
  const { rerender, container } = render(<Tab user="ada" />);
  await send("id: 7\n\n");
  rerender(<Tab user={null} />);
  await pass(0);
  expect(open[0]?.signal.aborted).toBe(true);
  rerender(<Tab user="grace" />);
  await send("id: 9\n\n");
  expect(asked).toEqual([undefined, undefined]);
  expect(container.textContent).toBe("open");
});
