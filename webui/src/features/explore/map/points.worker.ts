import type { Among, Answer, Ask, Colours, Places } from "./messages";
import { amongOf, coloursOf, indexOfRows, placesOf } from "./points";

// Reads files of a million points beside the page, so that it never stands still.

let n = 0;
let pointOf: Int32Array = new Int32Array();

function work(ask: Ask): Places | Colours | Among {
  if (ask.kind === "colours") return coloursOf(ask.file, ask.column, n, pointOf);
  if (ask.kind === "rows") return amongOf(ask.file, n, pointOf);
  const places = placesOf(ask.file);
  n = places.rows.length;
  pointOf = indexOfRows(places.rows);
  return places;
}

function buffersOf(result: Places | Colours | Among): ArrayBufferLike[] {
  if (result instanceof Uint8Array) return [result.buffer];
  if ("places" in result) {
    const { places, rows, grid } = result;
    return [places.buffer, rows.buffer, grid.starts.buffer, grid.items.buffer];
  }
  return [result.codes.buffer, ...(result.sure === null ? [] : [result.sure.buffer])];
}

self.addEventListener("message", ({ data }: MessageEvent<Ask & { ticket: number }>) => {
  const { ticket } = data;
  try {
    const result = work(data);
    const answer: Answer = { ticket, result };
    self.postMessage(answer, { transfer: buffersOf(result) as ArrayBuffer[] });
  } catch (error) {
    const answer: Answer = { ticket, error: error instanceof Error ? error.message : "" };
    self.postMessage(answer);
  }
});
