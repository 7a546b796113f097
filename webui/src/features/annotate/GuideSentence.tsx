import type { GuideInfo } from "@/api/schema";
import classes from "./GuideSentence.module.css";

/** Of fewer texts, a share would say more of chance than of the guide. */
const ENOUGH = 10;

/** Where the guide stands, in a sentence. */
export function GuideSentence({ guide }: { guide: GuideInfo | null }) {
  if (guide === null) return null;
  return (
    <span className={classes.guide} title={guide.message || undefined}>
      {guideSentence(guide)}
    </span>
  );
}

export function guideSentence(guide: GuideInfo): string {
  if (guide.state === "waiting") return "guide: waits for more labels";
  const learning = guide.state === "refreshing" ? ", learning" : "";
  if (guide.compared < ENOUGH) return `guide: learnt from ${guide.n_train} texts${learning}`;
  return `guide: agrees on ${guide.agreed} of the last ${guide.compared}${learning}`;
}
