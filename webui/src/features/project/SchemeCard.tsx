import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ProjectInfo, SchemeInfo } from "@/api/schema";
import { labelColor } from "@/shared/theme/labelColor";
import { percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import classes from "./SchemeCard.module.css";

const WIDGETS = {
  choice: t("One label a text"),
  choices: t("Any number of labels a text"),
  spans: t("Labels on stretches of the text"),
} as const;

const SHOWN = 12;

/** A scheme: what it asks, how far it has come, and the way in. */
export function SchemeCard({ project, scheme }: { project: ProjectInfo; scheme: SchemeInfo }) {
  const total = project.splits.train;
  const coded = scheme.annotated.train;
  const share = total === 0 ? 0 : Math.min(1, coded / total);
  const more = scheme.labels.length - SHOWN;
  const params = { slug: project.slug, scheme: scheme.name };
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <div>
          <h2>
            <Link to="/projects/$slug/schemes/$scheme" params={params}>
              {scheme.name}
            </Link>
          </h2>
          <p>
            {t("{{kind}}. {{coded}} of {{total}} coded, {{share}}.", {
              kind: WIDGETS[scheme.widget],
              coded,
              total,
              share: percent(share),
            })}
          </p>
        </div>
        <Button
          renderRoot={(props) => (
            <Link
              {...props}
              to="/projects/$slug/annotate/$scheme"
              params={params}
              data-tour="annotate"
            />
          )}
        >
          {t("Annotate")}
        </Button>
      </div>
      <div className={classes.bar} style={{ "--share": share }} />
      <ul className={classes.labels}>
        {scheme.labels.slice(0, SHOWN).map((label, position) => (
          <li key={label.id} style={{ "--label": labelColor(label.color, position) }} dir="auto">
            {label.name}
          </li>
        ))}
        {more > 0 && <li className={classes.more}>{t("and {{n}} more", { n: more })}</li>}
      </ul>
      <p className={classes.learning}>
        <Link to="/projects/$slug/schemes/$scheme" params={params}>
          {t("Labels and codebook")}
        </Link>
        <Link to="/projects/$slug/learning/$scheme" params={params} data-tour="guide">
          {t("Active learning")}
        </Link>
        <span>{guided(scheme)}</span>
      </p>
    </li>
  );
}

/** Say what the guide does for this scheme. */
function guided({ guide }: SchemeInfo): string {
  if (guide === null) return t("no guide yet, texts come at random");
  if (guide.state === "waiting") return t("the guide waits for more labels");
  const n = guide.n_train;
  return guide.compared < 10
    ? t("the guide has learnt from {{n}}", { n })
    : t("the guide has learnt from {{n}} and agrees with {{agreed}} of the last {{compared}}", {
        n,
        agreed: guide.agreed,
        compared: guide.compared,
      });
}
