import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { JobView, ProjectState, SchemeInfo, SimulationInfo } from "@/api/schema";
import { componentsQuery } from "@/shared/artefacts/api";
import { useServerNow } from "@/shared/clock";
import { LiveJobs } from "@/shared/jobs/LiveJobs";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { small } from "@/shared/words/list";
import { ago } from "@/shared/words/time";
import { t, told } from "@/shared/words/translate";
import { simulationsQuery } from "../api";
import { verdictLine } from "./conclusion";
import classes from "./Simulations.module.css";

const SimulationForm = lazy(async () => ({
  default: (await import("./SimulationForm")).SimulationForm,
}));

/** Which strategy would have paid: simulations that were made, and a way to make another. */
export function SimulationsView({ state, scheme }: { state: ProjectState; scheme: SchemeInfo }) {
  const { slug, role } = state.project;
  const manager = role === "manager";
  const simulations = useQuery(simulationsQuery(slug));
  const components = useQuery(componentsQuery);
  const [making, setMaking] = useState(false);
  const made = simulations.data ?? [];
  return (
    <section aria-labelledby="simulations">
      <div className={classes.head}>
        <div>
          <h2 id="simulations">{t("Which strategy pays here?")}</h2>
          <p>
            {t(
              "A simulation replays what is annotated already: each strategy asks for the same labels again, in its own order, and one sees how fast a model gets good.",
            )}
          </p>
        </div>
        {manager && !making && (
          <Button onClick={() => setMaking(true)}>{t("Compare strategies")}</Button>
        )}
      </div>
      {making && components.data && (
        <Suspense fallback={<Skeleton />}>
          <SimulationForm
            state={state}
            scheme={scheme}
            components={components.data}
            onDone={() => setMaking(false)}
          />
        </Suspense>
      )}
      <LiveJobs slug={slug} manager={manager} only={isSimulation} />
      {(simulations.error ?? components.error) && (
        <Notice error={simulations.error ?? components.error} />
      )}
      {simulations.isPending && <Skeleton />}
      {simulations.data && made.length === 0 && !making && (
        <p className={classes.none}>{t("There is none yet.")}</p>
      )}
      <ul className={classes.list}>
        {made.map((each) => (
          <Line key={each.id} slug={slug} scheme={scheme.name} simulation={each} />
        ))}
      </ul>
    </section>
  );
}

function isSimulation({ kind }: JobView): boolean {
  return kind === "simulate";
}

interface LineProps {
  slug: string;
  scheme: string;
  simulation: SimulationInfo;
}

function Line({ slug, scheme, simulation }: LineProps) {
  const now = useServerNow(60_000);
  const { id, name, created_at, seeds, strategies } = simulation;
  return (
    <li className={classes.line}>
      <h3>
        <Link to="/projects/$slug/learning/$scheme/simulations/$id" params={{ slug, scheme, id }}>
          {simulationTitle({ name, strategies })}
        </Link>
      </h3>
      <p className={classes.verdict}>{verdictLine(simulation)}</p>
      <p>
        <span dir="auto">{simulation.scheme}</span>,{" "}
        {t("{{count}} strategies", { count: strategies.length })},{" "}
        {t("{{count}} seeds", { count: seeds })}, {ago(created_at, now)}
      </p>
    </li>
  );
}

/** A simulation's name, or what it compared. */
export function simulationTitle({
  name,
  strategies,
}: Pick<SimulationInfo, "name" | "strategies">): string {
  if (name !== "") return name;
  const [first = "", second = ""] = strategies.map(({ title }) => told(title));
  if (strategies.length <= 2) {
    return t("{{first}} against {{second}}", { first, second: small(second) });
  }
  return t("{{first}} against {{count}} strategies", { first, count: strategies.length - 1 });
}
