import type { Action } from "./actions/action";
import { helpAction } from "./actions/help";
import { jobsAction } from "./jobs/actions";

/** What can be done on every page. Their keys are nobody else's. */
export const everywhere: readonly Action[] = [jobsAction, helpAction];

export const everywhereKeys: readonly string[] = everywhere.flatMap(({ keys }) => keys);
