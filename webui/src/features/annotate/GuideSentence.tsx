import { Link } from "@tanstack/react-router";
import type { GuideInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";
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
  if (guide.state === "waiting") return t("guide: waits for more labels");
  const sentence =
    guide.compared < ENOUGH
      ? t("guide: learnt from {{n}} texts", { n: guide.n_train })
      : t("guide: agrees on {{agreed}} of the last {{compared}}", {
          agreed: guide.agreed,
          compared: guide.compared,
        });
  return guide.state === "refreshing" ? t("{{sentence}}, learning", { sentence }) : sentence;
}
