import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { toProblem } from "@/api/problem";
import type { NewAnnotation, Value } from "@/api/schema";
import { notify } from "@/shared/notices/notices";
import { t } from "@/shared/words/translate";
import { type Kept, restoring, saying, withMine } from "./answers";
import { annotate, askAgain, type Place, showChanged } from "./api";

/** What was done, so that it can be taken back: what had been said before. */
type Act = readonly Kept[];

const NOTICE = "explore.act";
const MOST = 50;

export interface Acts {
  /** Whether there is anything to take back. */
  readonly any: boolean;
  readonly busy: boolean;
  /** Say something of texts; it is shown at once. Tells whether the server has taken it. */
  readonly say: (
    kept: readonly Kept[],
    answerOf: (kept: Kept) => Value,
    told: string,
  ) => Promise<boolean>;
  /** Say again what had been said before the last act. */
  readonly undo: () => void;
}

/** Say things of texts, one or thousands, and take them back. */
export function useActs(place: Place, username: string): Acts {
  const client = useQueryClient();
  const acts = useRef<Act[]>([]);
  const [count, setCount] = useState(0);
  const [busy, setBusy] = useState(false);

  const send = async (annotations: NewAnnotation[]): Promise<boolean> => {
    const at = new Date().toISOString();
    setBusy(true);
    if (annotations.length === 1) {
      // What a key does is seen before the server has answered.
      for (const { id, value } of annotations) {
        showChanged(client, place, id, (each) => withMine(each, username, value as Value, at));
      }
    }
    try {
      await annotate(place, annotations);
      return true;
    } catch (error) {
      const text = toProblem(error).detail;
      notify({ id: NOTICE, tone: "bad", title: t("Nothing was saved."), text });
      return false;
    } finally {
      setBusy(false);
      void askAgain(client, place);
    }
  };

  const undo = async () => {
    const act = acts.current.pop();
    setCount(acts.current.length);
    if (act === undefined) return;
    if (await send(restoring(act))) {
      notify({ id: NOTICE, tone: "good", title: t("It is as it was before.") });
      return;
    }
    acts.current.push(act);
    setCount(acts.current.length);
  };

  return {
    any: count > 0,
    busy,
    undo: () => void undo(),
    say: async (kept, answerOf, told) => {
      if (!(await send(saying(kept, answerOf)))) return false;
      acts.current = [...acts.current, kept].slice(-MOST);
      setCount(acts.current.length);
      notify({
        id: NOTICE,
        tone: "good",
        title: told,
        action: { title: t("Undo"), run: () => void undo() },
      });
      return true;
    },
  };
}
