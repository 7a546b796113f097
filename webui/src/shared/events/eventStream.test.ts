import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import { EventStream } from "./eventStream";
import type { ServerEvent } from "./parser";

/** A server of which a test says what it sends, and when it hangs up. */
class FakeServer {
  /** The last id that each connection asked for. */
  readonly asked: (string | null)[] = [];
  failure: Problem | TypeError | null = null;
  private line: ReadableStreamDefaultController<Uint8Array> | null = null;

  readonly connect = async (lastId: string | null, signal: AbortSignal) => {
    this.asked.push(lastId);
    if (this.failure !== null) throw this.failure;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.line = controller;
        signal.addEventListener("abort", () => this.cut(signal.reason));
      },
    });
    return body;
  };

  async send(text: string): Promise<void> {
    this.line?.enqueue(new TextEncoder().encode(text));
    await vi.advanceTimersByTimeAsync(0);
  }

  async hangUp(): Promise<void> {
    this.line?.close();
    this.line = null;
    await vi.advanceTimersByTimeAsync(0);
  }

  private cut(reason: unknown): void {
    try {
      this.line?.error(reason);
    } catch {
      // It was closed before.
    }
    this.line = null;
  }
}

let server: FakeServer;
let heard: ServerEvent[];
let opened: number;
let stream: EventStream;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  heard = [];
  opened = 0;
  const listener = {
    event: (event: ServerEvent) => heard.push(event),
    opened: () => {
      opened += 1;
    },
  };
  // Without chance every pause is as long as it may be.
  stream = new EventStream(server.connect, listener, () => 1);
});

afterEach(() => {
  stream.stop();
  vi.useRealTimers();
});

async function started(): Promise<void> {
  stream.start();
  await vi.advanceTimersByTimeAsync(0);
}

it("tells events as they come, and once that it is open", async () => {
  await started();
  expect(stream.current()).toBe("connecting");
  await server.send(": listening\nretry: 2000\nid: 9\n\n");
  expect(stream.current()).toBe("open");
  await server.send("id: 10\nevent: job.done\nda");
  await server.send("ta: {}\n\n");
  expect(heard).toEqual([{ id: "10", type: "job.done", data: "{}" }]);
  expect(opened).toBe(1);
});

it("comes back after the connection has ended, and says what it heard last", async () => {
  await started();
  await server.send("id: 9\n\nid: 10\ndata: {}\n\nid: 11\ndata: cut o");
  await server.hangUp();
  // A short break is not shown as one.
  expect(stream.current()).toBe("open");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(server.asked).toEqual([null, "10"]);
  await server.send("id: 11\ndata: whole\n\n");
  expect(heard.map(({ data }) => data)).toEqual(["{}", "whole"]);
  expect(opened).toBe(1);
});

it("moves its position by blocks without data", async () => {
  await started();
  await server.send("id: 9\n\n");
  await server.send(":\nid: 4000\n\n");
  await server.hangUp();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(server.asked).toEqual([null, "4000"]);
});

it("waits longer after each failure, at most half a minute, and begins anew once it is heard", async () => {
  server.failure = new TypeError("connection refused");
  await started();
  expect(stream.current()).toBe("broken");
  const waits: number[] = [];
  for (let attempts = 1; attempts < 7; attempts += 1) {
    const before = Date.now();
    while (server.asked.length === attempts) await vi.advanceTimersByTimeAsync(500);
    waits.push(Date.now() - before);
  }
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);

  server.failure = null;
  await vi.advanceTimersByTimeAsync(30_000);
  await server.send("retry: 1000\nid: 1\n\n");
  expect(stream.current()).toBe("open");
  await server.hangUp();
  const attempts = server.asked.length;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.asked).toHaveLength(attempts + 1);
});

it("tries at once when it is woken", async () => {
  server.failure = new Problem(503, "restarting");
  await started();
  server.failure = null;
  stream.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(server.asked).toHaveLength(2);
});

it("takes a connection that says nothing for long as dead", async () => {
  await started();
  await server.send("id: 9\n\n");
  await vi.advanceTimersByTimeAsync(39_000);
  await server.send(":\nid: 10\n\n");
  await vi.advanceTimersByTimeAsync(39_000);
  expect(server.asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(server.asked).toEqual([null, "10"]);
});

it("does not ask again for what was refused", async () => {
  server.failure = new Problem(401, "The token has ended.");
  await started();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(server.asked).toHaveLength(1);
  expect(stream.current()).toBe("broken");
});

it("stops, and goes on from where it was", async () => {
  await started();
  await server.send("id: 9\n\nid: 10\ndata: {}\n\n");
  stream.stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(server.asked).toHaveLength(1);
  expect(stream.current()).toBe("closed");
  await started();
  expect(server.asked).toEqual([null, "10"]);
});

it("is not held up by one that was stopped while it waited to try again", async () => {
  server.failure = new TypeError("connection refused");
  await started();
  stream.stop();
  server.failure = null;
  await started();
  await server.send("id: 1\n\n");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(server.asked).toHaveLength(2);
  expect(stream.current()).toBe("open");
});
