import type { MonitorReport } from "@/api/schema";
import { percent } from "@/shared/words/number";
import { megabytes } from "@/shared/words/size";
import { t } from "@/shared/words/translate";
import { Meter } from "./Meter";
import classes from "./Monitor.module.css";

type Card = MonitorReport["cards"][number];

/** The graphics cards, and who uses them. */
export function Cards({ cards }: { cards: readonly Card[] }) {
  return (
    <section aria-labelledby="cards">
      <h2 id="cards">{t("Graphics cards")}</h2>
      {cards.length === 0 && (
        <p className={classes.none}>
          {t("No worker sees one; jobs that like one run on processors.")}
        </p>
      )}
      <div className={classes.grid}>
        {cards.map((card) => (
          <CardBox key={`${card.host} ${card.uuid}`} card={card} />
        ))}
      </div>
    </section>
  );
}

function CardBox({ card }: { card: Card }) {
  const { host, index, name, total_mb, used_mb, planned_mb, load, temperature, watts } = card;
  const facts = [
    ...(temperature === null ? [] : [`${temperature} °C`]),
    ...(watts === null ? [] : [`${Math.round(watts)} W`]),
    ...(card.jobs.length === 0
      ? [t("no job")]
      : [t("{{count}} jobs", { count: card.jobs.length })]),
    ...(planned_mb > 0 ? [t("{{size}} promised to jobs", { size: megabytes(planned_mb) })] : []),
  ];
  return (
    <article className={classes.box} aria-label={t("{{name}} on {{host}}", { name, host })}>
      <h3>{name}</h3>
      <p className={classes.soft}>
        {t("card {{index}} of {{host}}; {{facts}}", { index, host, facts: facts.join(", ") })}
      </p>
      <Meter
        name={t("Memory")}
        share={total_mb === 0 ? null : used_mb / total_mb}
        shown={t("{{part}} of {{whole}}", { part: megabytes(used_mb), whole: megabytes(total_mb) })}
        high={0.97}
      />
      <Meter
        name={t("Load")}
        share={load}
        shown={load === null ? t("not measured") : percent(load)}
        // A busy card is what it was bought for.
        high={2}
      />
      {card.processes.length > 0 && (
        <ul className={classes.processes}>
          {card.processes.map(({ pid, used_mb: mb }) => (
            <li key={pid}>
              {t("process {{pid}}: {{size}}", {
                pid: String(pid),
                size: mb === null ? t("how much is not told") : megabytes(mb),
              })}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}
