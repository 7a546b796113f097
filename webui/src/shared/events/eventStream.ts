import { toProblem } from "@/api/problem";
import { EventParser, type ServerEvent } from "./parser";

/** Open the stream after an event, or from now on. Rejects with a Problem. */
export type Connect = (
  lastId: string | null,
  signal: AbortSignal,
) => Promise<ReadableStream<Uint8Array>>;

export interface Listener {
  /** An event came; each comes once, in order, however often the connection breaks. */
  event: (event: ServerEvent) => void;
  /** The stream is open for the first time: what was fetched before may miss something. */
  opened: () => void;
}

/** Whether news arrive: `broken` once an attempt has failed. */
export type StreamState = "closed" | "connecting" | "open" | "broken";

const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 30_000;
/** The server says something every 15 s: so long a silence is a dead connection. */
const SILENCE = 40_000;

/** One stream of events that comes back by itself and catches up on what it has missed. */
export class EventStream {
  private readonly listeners = new Set<() => void>();
  private state: StreamState = "closed";
  private lastId: string | null = null;
  private known = false;
  private failures = 0;
  private retry = FIRST_PAUSE;
  private running: AbortController | null = null;
  private endPause: () => void = () => undefined;

  constructor(
    private readonly connect: Connect,
    private readonly listener: Listener,
    private readonly random: () => number = Math.random,
  ) {}

  readonly current = (): StreamState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Listen, from where it was left the last time. */
  start(): void {
    if (this.running !== null) return;
    this.running = new AbortController();
    this.become("connecting");
    void this.keepListening(this.running.signal);
  }

  /** Stop listening; the position is kept. */
  stop(): void {
    this.running?.abort();
    this.running = null;
    this.endPause();
    this.failures = 0;
    this.become("closed");
  }

  /** Try again now, where it is waiting to: the network has returned, or somebody looks. */
  wake(): void {
    this.endPause();
  }

  private async keepListening(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.listen(signal);
      } catch (error) {
        if (signal.aborted) return;
        // What is refused now will be refused again: an ended session, a token without rights.
        if (!toProblem(error).passing) return this.become("broken");
        this.failures += 1;
        this.become("broken");
      }
      await this.pause(signal);
    }
  }

  /** Listen to one connection until it ends. */
  private async listen(signal: AbortSignal): Promise<void> {
    const connection = new AbortController();
    const end = () => connection.abort(new TypeError("The stream fell silent."));
    signal.addEventListener("abort", end, { once: true });
    let silence = setTimeout(end, SILENCE);
    try {
      const body = await this.connect(this.lastId, connection.signal);
      const reader = body.getReader();
      connection.signal.addEventListener(
        "abort",
        () => void reader.cancel().catch(() => undefined),
      );
      const parser = new EventParser();
      parser.lastId = this.lastId ?? "";
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || connection.signal.aborted) return;
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE);
        this.heard(parser, decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", end);
      connection.abort();
    }
  }

  private heard(parser: EventParser, piece: string): void {
    this.failures = 0;
    this.become("open");
    const events = parser.feed(piece);
    this.retry = parser.retry ?? this.retry;
    if (parser.lastId !== "") this.lastId = parser.lastId;
    if (!this.known && this.lastId !== null) {
      this.known = true;
      this.listener.opened();
    }
    for (const event of events) this.listener.event(event);
  }

  private pause(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const longest = Math.min(LONGEST_PAUSE, this.retry * 2 ** Math.max(0, this.failures - 1));
    // Whoever was cut off together must not come back together.
    const wait = longest * (0.5 + this.random() / 2);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private become(state: StreamState): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
