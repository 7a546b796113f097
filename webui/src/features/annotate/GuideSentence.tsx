import { Link } from "@tanstack/react-router";
import type { GuideInfo } from "@/api/schema";
import classes from "./GuideSentence.module.css";

/** Of fewer texts, a share would say more of chance than of the guide. */
const ENOUGH = 10;

interface Props {
  slug: string;
  scheme: string;
  guide: GuideInfo | null;
}

/** Where the guide stands, in a sentence that leads to it. */
export function GuideSentence({ slug, scheme, guide }: Props) {
  if (guide === null) return null;
  return (
    <Link
      to="/projects/$slug/learning/$scheme"
      params={{ slug, scheme }}
      className={classes.guide}
      title={guide.message || undefined}
    >
      {guideSentence(guide)}
    </Link>
  );
}

export function guideSentence(guide: GuideInfo): string {
  if (guide.state === "waiting") return "guide: waits for more labels";
  const learning = guide.state === "refreshing" ? ", learning" : "";
  if (guide.compared < ENOUGH) return `guide: learnt from ${guide.n_train} texts${learning}`;
  return `guide: agrees on ${guide.agreed} of the last ${guide.compared}${learning}`;
}
