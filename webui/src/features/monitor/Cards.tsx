import type { MonitorReport } from "@/api/schema";
import { counted, percent } from "@/shared/words/number";
import { megabytes } from "@/shared/words/size";
import { Meter } from "./Meter";
import classes from "./Monitor.module.css";

type Card = MonitorReport["cards"][number];

/** The graphics cards, and who uses them. */
export function Cards({ cards }: { cards: readonly Card[] }) {
  return (
    <section aria-labelledby="cards">
      <h2 id="cards">Graphics cards</h2>
      {cards.length === 0 && (
        <p className={classes.none}>No worker sees one; jobs that like one run on processors.</p>
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
    ...(card.jobs.length === 0 ? ["no job"] : [counted(card.jobs.length, "job")]),
    ...(planned_mb > 0 ? [`${megabytes(planned_mb)} promised to jobs`] : []),
  ];
  return (
    <article className={classes.box} aria-label={`${name} on ${host}`}>
      <h3>{name}</h3>
      <p className={classes.soft}>
        card {index} of {host}; {facts.join(", ")}
      </p>
      <Meter
        name="Memory"
        share={total_mb === 0 ? null : used_mb / total_mb}
        shown={`${megabytes(used_mb)} of ${megabytes(total_mb)}`}
        high={0.97}
      />
      <Meter
        name="Load"
        share={load}
        shown={load === null ? "not measured" : percent(load)}
        // A busy card is what it was bought for.
        high={2}
      />
      {card.processes.length > 0 && (
        <ul className={classes.processes}>
          {card.processes.map(({ pid, used_mb: mb }) => (
            <li key={pid}>
              process {pid}: {mb === null ? "how much is not told" : megabytes(mb)}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}
