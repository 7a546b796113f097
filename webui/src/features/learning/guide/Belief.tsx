import type { GuideBelief, SchemeInfo } from "@/api/schema";
import { Bars } from "@/shared/charts/Bars";
import { Shifts } from "@/shared/charts/Shifts";
import { labelColor } from "@/shared/theme/labelColor";
import { counted, percent } from "@/shared/words/number";
import classes from "./Guide.module.css";
import { changeSentence, labelShifts, uncertaintySentence } from "./words";

interface Props {
  belief: GuideBelief;
  scheme: SchemeInfo;
  rows: number;
}

/** What the guide believes of all texts now, and what it believed before it last learnt. */
export function Belief({ belief, scheme, rows }: Props) {
  const colors = new Map(
    scheme.labels.map(({ name, color }, at) => [name, labelColor(color, at)] as const),
  );
  const shifts = labelShifts(belief);
  const several = scheme.widget === "choices";
  const change = changeSentence(belief, rows);
  const before = belief.share_before !== null;
  return (
    <section className={classes.card} aria-labelledby="belief">
      <h2 id="belief">What it believes now</h2>
      <p className={classes.lead}>
        {several
          ? "How many of all texts it gives each label."
          : "How it would divide all texts among the labels."}
        {before && " The upright line is where each stood at the refresh before."}
      </p>
      <Shifts
        label="Share of texts by label"
        shifts={shifts.map(({ label, now, before: then, change: words }) => ({
          key: label,
          name: label,
          color: colors.get(label) ?? "var(--ink-soft)",
          now,
          before: then,
          shown: percent(now),
          change: words,
        }))}
      />
      <p className={classes.after}>
        {uncertaintySentence(belief)} {change}
      </p>
      {belief.flows.length > 0 && (
        <>
          <h3>Where texts went</h3>
          <Bars
            label="Largest changes at the last refresh"
            bars={belief.flows.map(({ from_label: from, to_label: to, rows: count }) => ({
              key: `${from}/${to}`,
              name: (
                <>
                  <bdi>{from}</bdi> <span aria-hidden="true">→</span>
                  <span className={classes.unseen}>to</span> <bdi>{to}</bdi>
                </>
              ),
              value: count,
              shown: counted(count, "text"),
            }))}
          />
        </>
      )}
    </section>
  );
}
