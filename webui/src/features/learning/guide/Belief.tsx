import type { GuideBelief, SchemeInfo } from "@/api/schema";
import { Bars } from "@/shared/charts/Bars";
import { Shifts } from "@/shared/charts/Shifts";
import { labelColor } from "@/shared/theme/labelColor";
import { percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
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
      <h2 id="belief">{t("What it believes now")}</h2>
      <p className={classes.lead}>
        {several
          ? t("How many of all texts it gives each label.")
          : t("How it would divide all texts among the labels.")}
        {before && ` ${t("The upright line is where each stood at the refresh before.")}`}
      </p>
      <Shifts
        label={t("Share of texts by label")}
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
          <h3>{t("Where texts went")}</h3>
          <Bars
            label={t("Largest changes at the last refresh")}
            bars={belief.flows.map(({ from_label: from, to_label: to, rows: count }) => ({
              key: `${from}/${to}`,
              name: (
                <>
                  <bdi>{from}</bdi> <span aria-hidden="true">→</span>
                  <span className={classes.unseen}>{t("to")}</span> <bdi>{to}</bdi>
                </>
              ),
              value: count,
              shown: t("{{count}} texts", { count }),
            }))}
          />
        </>
      )}
    </section>
  );
}
