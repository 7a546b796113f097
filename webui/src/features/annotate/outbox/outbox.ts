import { type Problem, toProblem } from "@/api/problem";
import type { Operation } from "./operation";

/** Where operations are kept until they are confirmed. */
export interface Keep {
  put(operation: Operation): void;
  remove(operation: Operation): void;
}

export interface Refusal {
  readonly operation: Operation;
  readonly problem: Problem;
}

/** What the page shows of the outbox. */
export interface OutboxState {
  /** Operations that are not confirmed yet, the one under way included. */
  readonly waiting: number;
  /** Why the last attempt failed; null while all goes well. */
  readonly failure: Problem | null;
  /** What the server will not take as it is. Stays until somebody decides. */
  readonly refused: readonly Refusal[];
  /** How many were confirmed since the page was opened. */
  readonly confirmed: number;
}

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/**
 * Sends operations one after the other, in the order in which they were done.
 *
 * An operation leaves the storage when the server has confirmed it and not before. Failures
 * that pass (no network, server restarting, signed out) are retried with growing pauses; what
 * the server refuses is set aside and shown, and the rest goes on.
 */
export class Outbox {
  private queue: Operation[] = [];
  private sending = false;
  private wait = FIRST_WAIT;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();
  private shown: OutboxState = { waiting: 0, failure: null, refused: [], confirmed: 0 };

  constructor(
    private readonly keep: Keep,
    private readonly send: (operation: Operation) => Promise<void>,
  ) {}

  readonly state = (): OutboxState => this.shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  pending(): readonly Operation[] {
    return this.queue;
  }

  /** Take what was left over from before; it goes first. */
  resume(operations: readonly Operation[]): void {
    const [underWay, later] = this.sending
      ? [this.queue.slice(0, 1), this.queue.slice(1)]
      : [[], this.queue];
    this.queue = [...underWay, ...operations, ...later];
    this.show({});
    void this.flush();
  }

  add(operation: Operation): void {
    this.store(operation);
    this.queue.push(operation);
    this.show({});
    void this.flush();
  }

  /** Take back an operation that was not sent yet. Tells whether it could. */
  cancel(key: string): boolean {
    const at = this.queue.findIndex((operation) => operation.key === key);
    const operation = this.queue[at];
    const tried = this.shown.failure !== null;
    if (operation === undefined || (at === 0 && (this.sending || tried))) return false;
    this.queue.splice(at, 1);
    this.keep.remove(operation);
    this.show({});
    return true;
  }

  /** Try again at once, for instance because the network is back. */
  retry(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    void this.flush();
  }

  /** Put a refused operation back into the queue. */
  resend(key: string): void {
    const operation = this.unrefuse(key);
    if (operation !== undefined) this.add(operation);
  }

  /** Give a refused operation up for good. */
  discard(key: string): void {
    const operation = this.unrefuse(key);
    if (operation !== undefined) this.keep.remove(operation);
  }

  private unrefuse(key: string): Operation | undefined {
    const refusal = this.shown.refused.find(({ operation }) => operation.key === key);
    this.show({ refused: this.shown.refused.filter((other) => other !== refusal) });
    return refusal?.operation;
  }

  private async flush(): Promise<void> {
    if (this.sending || this.timer !== undefined) return;
    this.sending = true;
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
      const problem = await this.attempt(next);
      if (problem !== null && isPassing(problem)) {
        this.pause(problem);
        break;
      }
      this.queue.shift();
      this.settle(next, problem);
    }
    this.sending = false;
  }

  private async attempt(operation: Operation): Promise<Problem | null> {
    const marked = "tried" in operation ? { ...operation, tried: true } : operation;
    if (marked !== operation) {
      this.queue[0] = marked;
      this.store(marked);
    }
    try {
      await this.send(operation);
      return null;
    } catch (error) {
      return toProblem(error);
    }
  }

  private settle(operation: Operation, problem: Problem | null): void {
    this.wait = FIRST_WAIT;
    if (problem === null) {
      this.keep.remove(operation);
      this.show({ failure: null, confirmed: this.shown.confirmed + 1 });
    } else {
      this.show({ failure: null, refused: [...this.shown.refused, { operation, problem }] });
    }
  }

  private pause(problem: Problem): void {
    this.timer = setTimeout(() => this.retry(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    this.show({ failure: problem });
  }

  private store(operation: Operation): void {
    try {
      this.keep.put(operation);
    } catch {
      // The browser's storage is full or forbidden: the queue in memory still holds it, the
      // page warns before it is closed, and sending does not depend on the copy.
    }
  }

  private show(change: Partial<OutboxState>): void {
    this.shown = { ...this.shown, ...change, waiting: this.queue.length };
    for (const listener of this.listeners) listener();
  }
}

/** A session that has run out passes too: whoever signs in again finds everything waiting. */
function isPassing(problem: Problem): boolean {
  return problem.passing || problem.status === 401;
}
