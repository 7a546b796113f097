import type { GuideBelief, GuideInfo } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { counted, figure, percent, points } from "@/shared/words/number";

/** Of fewer texts, a share would say more of chance than of the guide. */
const ENOUGH = 10;

/** Say in a sentence how often the guide was right before it was told. */
export function agreementSentence({ agreed, compared, state }: GuideInfo): string {
  if (state === "waiting") return "The guide waits for more labels before it can say anything.";
  if (compared < ENOUGH) {
    return compared === 0
      ? "No annotation was compared with the guide yet, so nobody knows how often it is right."
      : `The guide agrees with ${agreed} of the last ${counted(compared, "annotation")}: too few to say how good it is.`;
  }
  return `The guide agrees with ${agreed} of the last ${counted(compared, "annotation")}.`;
}

/** What each state of a guide means. */
export const STATES: Readonly<Record<GuideInfo["state"], { word: string; meaning: string }>> = {
  waiting: { word: "Waiting", meaning: "it learns once there are texts of two labels" },
  fresh: { word: "Up to date", meaning: "it has learnt from every annotation so far" },
  stale: { word: "Behind", meaning: "there are annotations that it has not learnt from" },
  refreshing: { word: "Learning", meaning: "it learns from the newest annotations now" },
};

/**
 * Say what is missing before the strategy takes over; null where it has, or nothing waits.
 *
 * `strategy` and `cold` are titles.
 */
export function coldSentence(guide: GuideInfo, strategy: string, cold: string): string | null {
  const missing = Object.entries(guide.cold?.needed ?? {}).filter(([, count]) => count > 0);
  if (missing.length === 0) return null;
  const shown = missing
    .slice(0, MOST_MISSING)
    .map(([label, count]) => `${figure(count)} of ${label}`);
  const rest = missing.length - shown.length;
  const parts = rest === 0 ? shown : [...shown, `some of ${counted(rest, "other label")}`];
  const one = missing.length === 1 && missing[0]?.[1] === 1;
  return `${listed(parts)} ${one ? "is" : "are"} missing before \u201c${strategy}\u201d takes over. Until then texts come by \u201c${cold}\u201d.`;
}

const MOST_MISSING = 4;

/** Say how uncertain the guide is, and whether that grows less. */
export function uncertaintySentence({ uncertainty, uncertainty_before }: GuideBelief): string {
  const now = `Its uncertainty over the texts not annotated yet is ${percent(uncertainty)} of the most there could be`;
  if (uncertainty_before === null) return `${now}.`;
  const change = points(uncertainty - uncertainty_before);
  if (/^[^\d]?0\.0$/.test(change)) return `${now}, as at the refresh before.`;
  const down = uncertainty < uncertainty_before;
  return `${now}, ${down ? "down" : "up"} from ${percent(uncertainty_before)}.`;
}

/** Say how many texts it labels otherwise than at the refresh before; null at the first refresh. */
export function changeSentence({ changed, kappa }: GuideBelief, rows: number): string | null {
  if (changed === null) return null;
  const texts = Math.round(changed * rows);
  const much =
    texts === 0
      ? "No text got another label at the last refresh"
      : `${counted(texts, "text")} of ${figure(rows)} got another label at the last refresh`;
  return kappa === null ? `${much}.` : `${much} (kappa with the one before: ${kappa.toFixed(2)}).`;
}

/** A label's share now, and how it changed. */
export interface LabelShift {
  readonly label: string;
  readonly now: number;
  readonly before: number | null;
  readonly change: string;
}

/** Return labels by their share, the largest first. */
export function labelShifts({ share, share_before }: GuideBelief): readonly LabelShift[] {
  return Object.entries(share)
    .map(([label, now]) => {
      const before = share_before?.[label] ?? null;
      return { label, now, before, change: before === null ? "" : shiftWords(now - before) };
    })
    .sort((a, b) => b.now - a.now);
}

function shiftWords(difference: number): string {
  const change = points(difference);
  return /^[^\d]?0\.0$/.test(change) ? "as before" : `${change} points`;
}

/** Say when the guide learns by itself. */
export function refreshWords(
  guide: Pick<GuideInfo, "refresh_every" | "refresh_idle_seconds">,
): string {
  const every =
    guide.refresh_every > 0 ? [`every ${counted(guide.refresh_every, "annotation")}`] : [];
  const idle = guide.refresh_idle_seconds;
  const quiet = idle === null ? [] : [`once nobody has annotated for ${counted(idle, "second")}`];
  const when = [...every, ...quiet];
  return when.length === 0 ? "only when somebody asks" : listed(when);
}
