import type { GuideBelief, GuideInfo } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { decimals, percent, points } from "@/shared/words/number";
import { t } from "@/shared/words/translate";

/** Of fewer texts, a share would say more of chance than of the guide. */
const ENOUGH = 10;

/** Say in a sentence how often the guide was right before it was told. */
export function agreementSentence({ agreed, compared, state }: GuideInfo): string {
  if (state === "waiting") return t("The guide waits for more labels before it can say anything.");
  if (compared === 0) {
    return t(
      "No annotation was compared with the guide yet, so nobody knows how often it is right.",
    );
  }
  return compared < ENOUGH
    ? t(
        "The guide agrees with {{agreed}} of the last {{count}} annotations: too few to say how good it is.",
        { agreed, count: compared },
      )
    : t("The guide agrees with {{agreed}} of the last {{count}} annotations.", {
        agreed,
        count: compared,
      });
}

/** What each state of a guide means. */
export const STATES: Readonly<Record<GuideInfo["state"], { word: string; meaning: string }>> = {
  waiting: { word: t("Waiting"), meaning: t("it learns once there are texts of two labels") },
  fresh: { word: t("Up to date"), meaning: t("it has learnt from every annotation so far") },
  stale: { word: t("Behind"), meaning: t("there are annotations that it has not learnt from") },
  refreshing: { word: t("Learning"), meaning: t("it learns from the newest annotations now") },
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
    .map(([label, count]) => t("{{count}} of {{label}}", { count, label }));
  const rest = missing.length - shown.length;
  const parts =
    rest === 0 ? shown : [...shown, t("some of {{count}} other labels", { count: rest })];
  const one = missing.length === 1 && missing[0]?.[1] === 1;
  return t(
    one
      ? "{{missing}} is missing before “{{strategy}}” takes over. Until then texts come by “{{cold}}”."
      : "{{missing}} are missing before “{{strategy}}” takes over. Until then texts come by “{{cold}}”.",
    { missing: listed(parts), strategy, cold },
  );
}

const MOST_MISSING = 4;

/** Say how uncertain the guide is, and whether that grows less. */
export function uncertaintySentence({ uncertainty, uncertainty_before }: GuideBelief): string {
  const now = percent(uncertainty);
  if (uncertainty_before === null) {
    return t(
      "Its uncertainty over the texts not annotated yet is {{now}} of the most there could be.",
      { now },
    );
  }
  const before = percent(uncertainty_before);
  if (before === now) {
    return t(
      "Its uncertainty over the texts not annotated yet is {{now}} of the most there could be, as at the refresh before.",
      { now },
    );
  }
  return t(
    uncertainty < uncertainty_before
      ? "Its uncertainty over the texts not annotated yet is {{now}} of the most there could be, down from {{before}}."
      : "Its uncertainty over the texts not annotated yet is {{now}} of the most there could be, up from {{before}}.",
    { now, before },
  );
}

/** Whether a difference would be written as 0.0 points. */
function isNothing(difference: number): boolean {
  return Math.round(difference * 1000) === 0;
}

/** Say how many texts it labels otherwise than at the refresh before; null at the first refresh. */
export function changeSentence({ changed, kappa }: GuideBelief, rows: number): string | null {
  if (changed === null) return null;
  const texts = Math.round(changed * rows);
  const much =
    texts === 0
      ? t("No text got another label at the last refresh")
      : t("{{count}} texts of {{rows}} got another label at the last refresh", {
          count: texts,
          rows,
        });
  if (kappa === null) return `${much}.`;
  return t("{{change}} (kappa with the one before: {{kappa}}).", {
    change: much,
    kappa: decimals(kappa, 2),
  });
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
  if (isNothing(difference)) return t("as before");
  return t("{{change}} points", { change: points(difference) });
}

/** Say when the guide learns by itself. */
export function refreshWords(
  guide: Pick<GuideInfo, "refresh_every" | "refresh_idle_seconds">,
): string {
  const every =
    guide.refresh_every > 0
      ? [t("every {{count}} annotations", { count: guide.refresh_every })]
      : [];
  const idle = guide.refresh_idle_seconds;
  const quiet =
    idle === null ? [] : [t("once nobody has annotated for {{count}} seconds", { count: idle })];
  const when = [...every, ...quiet];
  return when.length === 0 ? t("only when somebody asks") : listed(when);
}
