import type { ComponentInfo, SimulatedStrategy, SimulationReport } from "@/api/schema";
import { choiceTitle } from "@/shared/strategies/strategyDraft";
import { told } from "@/shared/words/translate";
import { isRandom, side } from "./conclusion";

/** A strategy as all charts of a report show it. */
export interface Drawn {
  readonly key: string;
  readonly title: string;
  readonly color: string;
  readonly dash: string | null;
  readonly emphasis: boolean;
  readonly result: SimulatedStrategy;
}

const HUES = 8;
/** The first four colours stay apart under any sight; beyond them dashes help. */
const DASHES = [null, "9 4", "2 4"];
const WITHOUT = 4;

/** Give each strategy its colour and line; random is the grey that others are measured by. */
export function drawn(
  { strategies }: Pick<SimulationReport, "strategies">,
  components: readonly ComponentInfo[],
): readonly Drawn[] {
  const known = components.filter(({ kind }) => kind === "strategy");
  const best = strategies
    .filter(({ gain }) => gain !== null && side(gain) === 1)
    .toSorted((a, b) => (b.gain?.value ?? 0) - (a.gain?.value ?? 0))[0];
  let place = 0;
  return strategies.map((result, at) => {
    const key = `${result.name}/${at}`;
    const installed = known.some(({ name }) => name === result.name);
    const title = installed ? choiceTitle(result, known) : told(result.title);
    if (isRandom(result)) {
      return { key, title, color: "var(--ink-soft)", dash: "5 4", emphasis: true, result };
    }
    const own = place;
    place += 1;
    return {
      key,
      title,
      color: `var(--label-${(own % HUES) + 1})`,
      dash: DASHES[Math.floor(own / WITHOUT) % DASHES.length] ?? null,
      emphasis: result === best,
      result,
    };
  });
}
