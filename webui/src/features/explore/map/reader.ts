import { t } from "@/shared/words/translate";
import type { Among, Answer, Ask, Colours, Places } from "./messages";

/** The worker of one map: it has read the places, and reads what belongs to them. */
export interface Reader {
  readonly places: Places;
  readonly colours: (file: ArrayBuffer, column: string) => Promise<Colours>;
  readonly among: (file: ArrayBuffer) => Promise<Among>;
  readonly end: () => void;
}

/** Start a worker on the places of a map. */
export async function startReader(file: ArrayBuffer): Promise<Reader> {
  const worker = new Worker(new URL("./points.worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, (answer: Answer) => void>();
  let tickets = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    waiting.get(data.ticket)?.(data);
    waiting.delete(data.ticket);
  });
  const giveUp = () => {
    for (const [ticket, tell] of waiting) tell({ ticket, error: "" });
    waiting.clear();
  };
  worker.addEventListener("error", giveUp);
  const end = () => {
    worker.terminate();
    giveUp();
  };
  const ask = <T extends Places | Colours | Among>(what: Ask): Promise<T> =>
    new Promise((resolve, reject) => {
      tickets += 1;
      const ticket = tickets;
      waiting.set(ticket, (answer) => {
        if ("result" in answer) resolve(answer.result as T);
        else reject(new Error(answer.error || t("The map could not be read here.")));
      });
      worker.postMessage({ ...what, ticket }, [what.file]);
    });
  try {
    const places = await ask<Places>({ kind: "places", file });
    return {
      places,
      colours: (colours, column) => ask<Colours>({ kind: "colours", file: colours, column }),
      among: (rows) => ask<Among>({ kind: "rows", file: rows }),
      end,
    };
  } catch (error) {
    end();
    throw error;
  }
}
