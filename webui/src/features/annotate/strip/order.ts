import type { GuideInfo } from "@/api/schema";
import type { Params, Question } from "../question";

/** What the form of the order begins with: what was chosen, or else what counts without a choice. */
export function firstOrder(
  { strategy, params = {} }: Pick<Question, "strategy" | "params">,
  guide: Pick<GuideInfo, "strategy" | "strategy_params"> | null,
): { readonly name: string; readonly params: Params } {
  if (strategy !== null) return { name: strategy, params };
  if (guide === null) return { name: "random", params: {} };
  return { name: guide.strategy, params: guide.strategy_params as Params };
}
