import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ProjectInfo, SchemeInfo } from "@/api/schema";
import { labelColor } from "@/shared/theme/labelColor";
import classes from "./SchemeCard.module.css";

const WIDGETS = {
  choice: "One label a text",
  choices: "Any number of labels a text",
  spans: "Labels on stretches of the text",
} as const;

const SHOWN = 12;
const number = new Intl.NumberFormat("en");

/** A scheme: what it asks, how far it has come, and the way in. */
export function SchemeCard({ project, scheme }: { project: ProjectInfo; scheme: SchemeInfo }) {
  const total = project.splits.train;
  const coded = scheme.annotated.train;
  const more = scheme.labels.length - SHOWN;
  const params = { slug: project.slug, scheme: scheme.name };
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <div>
          <h2>{scheme.name}</h2>
          <p>
            {WIDGETS[scheme.widget]}. {number.format(coded)} of {number.format(total)} coded.
          </p>
        </div>
        <Button
          renderRoot={(props) => (
            <Link {...props} to="/projects/$slug/annotate/$scheme" params={params} />
          )}
        >
          Annotate
        </Button>
      </div>
      <div
        className={classes.bar}
        style={{ "--share": total === 0 ? 0 : Math.min(1, coded / total) }}
      />
      <ul className={classes.labels}>
        {scheme.labels.slice(0, SHOWN).map((label, position) => (
          <li key={label.id} style={{ "--label": labelColor(label.color, position) }} dir="auto">
            {label.name}
          </li>
        ))}
        {more > 0 && <li className={classes.more}>and {more} more</li>}
      </ul>
      <p className={classes.learning}>
        <Link to="/projects/$slug/learning/$scheme" params={params}>
          Active learning
        </Link>
        <span>{guided(scheme)}</span>
      </p>
    </li>
  );
}

/** Say what the guide does for this scheme. */
function guided({ guide }: SchemeInfo): string {
  if (guide === null) return "no guide yet, texts come at random";
  if (guide.state === "waiting") return "the guide waits for more labels";
  const learnt = `the guide has learnt from ${number.format(guide.n_train)}`;
  return guide.compared < 10
    ? learnt
    : `${learnt} and agrees with ${guide.agreed} of the last ${guide.compared}`;
}
