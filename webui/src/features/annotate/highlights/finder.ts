import type { Answered, Asked } from "./find.worker";

/** What looks for patterns beside the page; a browser's worker, or another in tests. */
export interface Searcher {
  onmessage: ((event: MessageEvent<Answered>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(asked: Asked): void;
  terminate(): void;
}

/** Where a pattern fits; null where the search took too long and was cut off. */
export type Places = readonly (readonly [number, number])[] | null;

/** As long as a pattern may take on one text. Sound ones take a few milliseconds. */
const BUDGET = 250;

/**
 * Looks for patterns in a text beside the page, so that none can keep a key press waiting.
 *
 * A pattern that goes astray (nested repetition can take centuries) cannot be stopped but by
 * ending the worker, so each is asked for by itself and has its time.
 */
export class Finder {
  private worker: Searcher | null = null;
  private number = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly start: () => Searcher,
    private readonly budget = BUDGET,
  ) {}

  /** Find where `pattern` fits; null if that took too long. */
  find(pattern: string, text: string, signal: AbortSignal): Promise<Places> {
    const found = this.last.then(() => (signal.aborted ? [] : this.ask(pattern, text)));
    this.last = found;
    return found;
  }

  close(): void {
    this.worker?.terminate();
    this.worker = null;
  }

  private ask(pattern: string, text: string): Promise<Places> {
    const fresh = this.worker === null;
    this.worker ??= this.start();
    const { worker } = this;
    this.number += 1;
    const { number } = this;
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout>;
      const give = (places: Places) => {
        clearTimeout(timer);
        resolve(places);
      };
      const cut = () => {
        this.close();
        give(null);
      };
      // Starting takes its own time, which is not the pattern's.
      timer = setTimeout(cut, fresh ? this.budget + STARTING : this.budget);
      worker.onmessage = ({ data }) => {
        if (data.number === number) give(data.places);
      };
      worker.onerror = cut;
      worker.postMessage({ number, pattern, text });
    });
  }
}

const STARTING = 2_000;
