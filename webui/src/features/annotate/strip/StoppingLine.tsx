import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Sparkline } from "@/shared/charts/Sparkline";
import { t, told } from "@/shared/words/translate";
import { stoppingQuery } from "../api";
import classes from "./GuideState.module.css";
import { adviceWords, shownRule } from "./stoppingWords";

/** Whether more labels still help, in a few words that lead to the evidence. */
export function StoppingLine({ slug, scheme }: { slug: string; scheme: string }) {
  const advice = useQuery(stoppingQuery(slug, scheme)).data;
  // The page for annotating works without it: what cannot be told is told where the link leads.
  const words = advice === undefined ? null : adviceWords(advice);
  if (advice === undefined || words === null) return null;
  const shown = shownRule(advice);
  return (
    <Link
      to="/projects/$slug/learning/$scheme/stopping"
      params={{ slug, scheme }}
      className={classes.guide}
      title={
        shown === null
          ? undefined
          : t("{{title}}: {{sentence}}", {
              title: told(shown.rule.title),
              sentence: told(shown.rule.sentence),
            })
      }
    >
      <span>{words}</span>
      {shown !== null && <Sparkline points={shown.points} />}
    </Link>
  );
}
