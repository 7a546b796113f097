import { t } from "@/shared/words/translate";

/** How many texts somebody means to code in this session, and how many of them are done. */
export interface Goal {
  readonly texts: number;
  readonly done: number;
}

const MOST = 100_000;

/** Read what was typed or stored as a number of texts; null of what is none. */
export function goalOf(written: string): number | null {
  const texts = Number(written.trim());
  return Number.isInteger(texts) && texts >= 1 && texts <= MOST ? texts : null;
}

/** Read a goal as it was stored; null where none was, or what is there means nothing. */
export function storedGoal(raw: string | null): Goal | null {
  try {
    const { texts, done } = JSON.parse(raw ?? "null") as Record<string, unknown>;
    if (typeof done !== "number" || !Number.isInteger(done)) return null;
    const known = goalOf(String(texts));
    return known === null ? null : { texts: known, done };
  } catch {
    return null;
  }
}

/** Say how far the goal has come; `pace` is in seconds a text, null while it is not known. */
export function goalWords({ texts, done }: Goal, pace: number | null): string {
  if (done >= texts) {
    return t("Your goal of {{count}} texts is reached. A good moment for a break.", {
      count: texts,
    });
  }
  const reached = t("{{done}} of {{texts}} for this session", { done: Math.max(0, done), texts });
  return pace === null ? reached : `${reached}, ${leftWords((texts - done) * pace)}`;
}

function leftWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return t("under a minute left");
  if (minutes < 90) return t("about {{minutes}} min left", { minutes });
  return t("about {{hours}} h left", { hours: Math.round(minutes / 30) / 2 });
}
