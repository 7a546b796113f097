import { Link } from "@tanstack/react-router";
import type { GuideInfo } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { told } from "@/shared/words/translate";
import classes from "./GuideState.module.css";
import { guideFacts, guideSentence } from "./guideWords";

interface Props {
  slug: string;
  scheme: string;
  guide: GuideInfo;
}

/** Where the guide stands, in words that lead to it. */
export function GuideState({ slug, scheme, guide }: Props) {
  const facts = guideFacts(guide, useServerNow(15_000));
  return (
    <Link
      to="/projects/$slug/learning/$scheme"
      params={{ slug, scheme }}
      className={classes.guide}
      title={told(guide.message) || undefined}
    >
      <span>{guideSentence(guide)}</span>
      {facts !== "" && <small>{facts}</small>}
    </Link>
  );
}
