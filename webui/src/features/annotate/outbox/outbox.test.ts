import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import type { Operation, Undo } from "./operation";
import { Outbox } from "./outbox";
import { OutboxStorage, placesOf } from "./storage";

const place = { user: "ada", project: "climate", scheme: "stance" };

const annotate = (key: string): Operation => ({
  kind: "annotate",
  key,
  annotation: { id: `text-${key}`, value: "agree" },
});
const undo = (key: string): Undo => ({
  kind: "undo",
  key,
  id: "text-1",
  before: null,
  tried: false,
});

/** A server whose answers the test gives. */
function aServer() {
  const sent: Operation[] = [];
  const answers: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  const send = (operation: Operation) =>
    new Promise<void>((resolve, reject) => {
      sent.push(operation);
      answers.push({ resolve, reject });
    });
  const settle = async (act: (answer: (typeof answers)[number]) => void) => {
    const answer = answers.shift();
    if (answer === undefined) throw new Error("nothing was sent");
    act(answer);
    await vi.advanceTimersByTimeAsync(0);
  };
  return {
    sent,
    send,
    accept: () => settle(({ resolve }) => resolve()),
    fail: (error: unknown) => settle(({ reject }) => reject(error)),
  };
}

function stored(): Operation[] {
  return Object.keys(localStorage).map((key) => JSON.parse(localStorage.getItem(key) ?? "null"));
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

describe("an outbox", () => {
  it("sends in order, one after the other, and forgets only what was confirmed", async () => {
    const server = aServer();
    const outbox = new Outbox(new OutboxStorage(place, "tab"), server.send);
    outbox.add(annotate("1"));
    outbox.add(annotate("2"));
    expect(server.sent.map(({ key }) => key)).toEqual(["1"]);
    expect(stored()).toHaveLength(2);
    await server.accept();
    expect(server.sent.map(({ key }) => key)).toEqual(["1", "2"]);
    expect(stored()).toEqual([annotate("2")]);
    await server.accept();
    expect(stored()).toEqual([]);
    expect(outbox.state()).toEqual({ waiting: 0, failure: null, refused: [], confirmed: 2 });
  });

  it("keeps and retries what did not get through, and says so", async () => {
    const server = aServer();
    const outbox = new Outbox(new OutboxStorage(place, "tab"), server.send);
    outbox.add(annotate("1"));
    await server.fail(new TypeError("Failed to fetch"));
    expect(outbox.state()).toMatchObject({ waiting: 1, failure: { status: 0 } });
    expect(stored()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(999);
    expect(server.sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.sent).toHaveLength(2);
    await server.accept();
    expect(outbox.state()).toMatchObject({ waiting: 0, failure: null, confirmed: 1 });
  });

  it("waits for whoever is signed out, as for a server that restarts", async () => {
    const server = aServer();
    const outbox = new Outbox(new OutboxStorage(place, "tab"), server.send);
    outbox.add(annotate("1"));
    await server.fail(new Problem(401, "Sign in."));
    expect(outbox.state().refused).toEqual([]);
    outbox.retry();
    await server.accept();
    expect(outbox.state().confirmed).toBe(1);
  });

  it("sets aside what the server refuses, goes on, and offers it again", async () => {
    const server = aServer();
    const outbox = new Outbox(new OutboxStorage(place, "tab"), server.send);
    outbox.add(annotate("1"));
    outbox.add(annotate("2"));
    await server.fail(new Problem(422, "There is no label 'agree'."));
    await server.accept();
    expect(outbox.state()).toMatchObject({ waiting: 0, confirmed: 1 });
    expect(outbox.state().refused).toHaveLength(1);
    expect(stored()).toEqual([annotate("1")]);
    outbox.resend("1");
    await server.accept();
    expect(outbox.state()).toMatchObject({ refused: [], confirmed: 2 });
    expect(stored()).toEqual([]);
  });

  it("takes back what was not sent yet, and nothing that was", async () => {
    const server = aServer();
    const outbox = new Outbox(new OutboxStorage(place, "tab"), server.send);
    outbox.add(annotate("1"));
    outbox.add(annotate("2"));
    expect(outbox.cancel("2")).toBe(true);
    expect(outbox.cancel("1")).toBe(false);
    await server.accept();
    expect(server.sent.map(({ key }) => key)).toEqual(["1"]);
    expect(stored()).toEqual([]);
  });

  it("does not claim to take back what may have got through before the line broke", async () => {
    const server = aServer();
    const outbox = new Outbox(new OutboxStorage(place, "tab"), server.send);
    outbox.add(annotate("1"));
    await server.fail(new TypeError("Failed to fetch"));
    expect(outbox.cancel("1")).toBe(false);
  });

  it("marks an undo as tried before it is sent, so that no retry takes back two", async () => {
    const server = aServer();
    const outbox = new Outbox(new OutboxStorage(place, "tab"), server.send);
    outbox.add(undo("1"));
    expect(stored()).toEqual([{ ...undo("1"), tried: true }]);
    await server.fail(new TypeError("Failed to fetch"));
    outbox.retry();
    expect(server.sent).toEqual([undo("1"), { ...undo("1"), tried: true }]);
  });
});

describe("what a closed tab left", () => {
  it("is found, adopted in order and sent by the next", async () => {
    const old = new OutboxStorage(place, "old");
    old.put(annotate("2"));
    old.put(annotate("1"));
    expect(placesOf("ada")).toEqual([place]);
    expect(placesOf("grace")).toEqual([]);
    const storage = new OutboxStorage(place, "new");
    expect(storage.otherTabs()).toEqual(["old"]);
    const server = aServer();
    const outbox = new Outbox(storage, server.send);
    outbox.resume(storage.adopt("old"));
    await server.accept();
    await server.accept();
    expect(server.sent.map(({ key }) => key)).toEqual(["1", "2"]);
    expect(stored()).toEqual([]);
  });
});
