import type { GuideInfo } from "@/api/schema";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";

/** Of fewer texts, a share would say more of chance than of the guide. */
const ENOUGH = 10;

/** Where the guide stands, in a sentence. */
export function guideSentence(guide: GuideInfo): string {
  if (guide.state === "waiting") return t("guide: waits for more labels");
  const sentence = comparable(guide)
    ? t("guide: agrees on {{agreed}} of the last {{compared}}", {
        agreed: guide.agreed,
        compared: guide.compared,
      })
    : t("guide: learnt from {{n}} texts", { n: guide.n_train });
  return guide.state === "refreshing" ? t("{{sentence}}, learning", { sentence }) : sentence;
}

/** What it has learnt from and when, as far as the sentence has not said so. */
export function guideFacts(guide: GuideInfo, now: number): string {
  if (guide.state === "waiting") return "";
  const from = comparable(guide) ? [t("from {{count}} labels", { count: guide.n_train })] : [];
  const when = guide.belief === null ? [] : [ago(guide.belief.at, now)];
  return [...from, ...when].join(", ");
}

function comparable({ compared }: GuideInfo): boolean {
  return compared >= ENOUGH;
}
