/** Seconds during which the page was looked at. `now` is in milliseconds. */
export class Stopwatch {
  private gone = 0;
  private since: number | null;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.since = now();
  }

  restart(): void {
    this.gone = 0;
    this.since = this.now();
  }

  pause(): void {
    this.gone = this.elapsed();
    this.since = null;
  }

  resume(): void {
    this.since ??= this.now();
  }

  seconds(): number {
    return Math.min(Math.round(this.elapsed() / 100) / 10, 86_400);
  }

  private elapsed(): number {
    return this.gone + (this.since === null ? 0 : this.now() - this.since);
  }
}

/** Return the middle one, or null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.ceil(sorted.length / 2) - 1];
  return high === undefined || low === undefined ? null : (high + low) / 2;
}
