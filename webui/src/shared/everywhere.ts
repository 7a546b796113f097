import type { Action } from "./actions/action";
import { helpAction } from "./actions/help";
import { keysOf } from "./actions/ownKeys";
import { paletteAction } from "./actions/palette/opened";
import { jobsAction } from "./jobs/actions";

/** What can be done on every page. Their keys are nobody else's. */
export const everywhere: readonly Action[] = [paletteAction, jobsAction, helpAction];

/** The keys that they have now: a person may have given them others. */
export function everywhereKeys(): readonly string[] {
  return everywhere.flatMap((action) => keysOf(action));
}
