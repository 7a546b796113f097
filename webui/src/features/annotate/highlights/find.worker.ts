import { matchesIn } from "./matches";

/** A pattern to look for; the answer has the same number. */
export interface Asked {
  readonly number: number;
  readonly pattern: string;
  readonly text: string;
}

export interface Answered {
  readonly number: number;
  readonly places: readonly [number, number][];
}

self.addEventListener("message", ({ data: { number, pattern, text } }: MessageEvent<Asked>) => {
  const answer: Answered = { number, places: matchesIn(pattern, text) };
  self.postMessage(answer);
});
